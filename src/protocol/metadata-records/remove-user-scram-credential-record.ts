/** RemoveUserScramCredentialRecord. A user's SCRAM credential has been removed. */
import { int8, record, string } from "../schema.ts";

export const RemoveUserScramCredentialRecord = record(
  "RemoveUserScramCredentialRecord",
  { id: 22, versions: "0", flexible: "0+" },
  () => ({
    name: string(),
    mechanism: int8(),
  }),
);
