/** AssignReplicasToDirs (73). In which log directories a broker's replicas lie (KIP-858). */
import { array, int16, int32, int64, request, response, uuid } from "../schema.ts";

export const AssignReplicasToDirsRequest = request(
  "AssignReplicasToDirsRequest",
  { key: 73, versions: "0", flexible: "0+" },
  () => ({
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
    directories: array({
      id: uuid(),
      topics: array({
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
        }),
      }),
    }),
  }),
);

export const AssignReplicasToDirsResponse = response(
  "AssignReplicasToDirsResponse",
  { key: 73, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    directories: array({
      id: uuid(),
      topics: array({
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      }),
    }),
  }),
);
