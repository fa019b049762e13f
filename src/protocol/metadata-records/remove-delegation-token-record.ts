/** RemoveDelegationTokenRecord. A delegation token has been removed. */
import { record, string } from "../schema.ts";

export const RemoveDelegationTokenRecord = record(
  "RemoveDelegationTokenRecord",
  { id: 26, versions: "0", flexible: "0+" },
  () => ({
    tokenId: string(),
  }),
);
