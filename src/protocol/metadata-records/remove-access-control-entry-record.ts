/** RemoveAccessControlEntryRecord. An access rule has been removed. */
import { record, uuid } from "../schema.ts";

export const RemoveAccessControlEntryRecord = record(
  "RemoveAccessControlEntryRecord",
  { id: 19, versions: "0", flexible: "0+" },
  () => ({
    id: uuid(),
  }),
);
