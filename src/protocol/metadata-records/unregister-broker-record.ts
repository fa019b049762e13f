/** UnregisterBrokerRecord. A broker has gone for good. */
import { int32, int64, record } from "../schema.ts";

export const UnregisterBrokerRecord = record(
  "UnregisterBrokerRecord",
  { id: 1, versions: "0", flexible: "0+" },
  () => ({
    brokerId: int32(),
    brokerEpoch: int64(),
  }),
);
