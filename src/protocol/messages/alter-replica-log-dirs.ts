/** AlterReplicaLogDirs (34). Moves replicas to another log directory of the same broker (KIP-113). */
import { array, int16, int32, request, response, string } from "../schema.ts";

export const AlterReplicaLogDirsRequest = request(
  "AlterReplicaLogDirsRequest",
  { key: 34, versions: "1-2", flexible: "2+" },
  () => ({
    dirs: array({
      path: string(),
      topics: array({
        name: string(),
        partitions: array(int32()),
      }),
    }),
  }),
);

export const AlterReplicaLogDirsResponse = response(
  "AlterReplicaLogDirsResponse",
  { key: 34, versions: "1-2", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    results: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  }),
);
