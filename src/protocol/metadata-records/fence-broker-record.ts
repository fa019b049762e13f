/** FenceBrokerRecord. A broker has been fenced (before 3.3). */
import { int32, int64, record } from "../schema.ts";

export const FenceBrokerRecord = record(
  "FenceBrokerRecord",
  { id: 7, versions: "0", flexible: "0+" },
  () => ({
    id: int32(),
    epoch: int64(),
  }),
);
