/** ProducerIdsRecord. Producer ids below this one have been handed out to brokers. */
import { int32, int64, record } from "../schema.ts";

export const ProducerIdsRecord = record(
  "ProducerIdsRecord",
  { id: 15, versions: "0", flexible: "0+" },
  () => ({
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
    nextProducerId: int64(),
  }),
);
