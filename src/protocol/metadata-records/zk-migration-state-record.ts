/** ZkMigrationStateRecord. How far a migration from ZooKeeper has come. */
import { int8, record } from "../schema.ts";

export const ZkMigrationStateRecord = record(
  "ZkMigrationStateRecord",
  { id: 21, versions: "0", flexible: "0+" },
  () => ({
    zkMigrationState: int8(),
  }),
);
