/** UnregisterControllerRecord. A controller has gone for good. */
import { int32, record } from "../schema.ts";

export const UnregisterControllerRecord = record(
  "UnregisterControllerRecord",
  { id: 29, versions: "0", flexible: "0+" },
  () => ({
    controllerId: int32(),
  }),
);
