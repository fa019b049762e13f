/** AlterPartition (56). A leader's change of its in-sync replicas (KIP-497). */
import { array, int8, int16, int32, int64, request, response, uuid } from "../schema.ts";

export const AlterPartitionRequest = request(
  "AlterPartitionRequest",
  { key: 56, versions: "2-3", flexible: "2+" },
  () => ({
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        leaderEpoch: int32(),
        newIsrWithEpochs: array(
          {
            brokerId: int32(),
            brokerEpoch: int64({ default: -1n }),
          },
          { versions: "3+" },
        ),
        newIsr: array(int32(), { versions: "2" }),
        leaderRecoveryState: int8(),
        partitionEpoch: int32(),
      }),
    }),
  }),
);

export const AlterPartitionResponse = response(
  "AlterPartitionResponse",
  { key: 56, versions: "2-3", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
        isr: array(int32()),
        leaderRecoveryState: int8(),
        partitionEpoch: int32(),
      }),
    }),
  }),
);
