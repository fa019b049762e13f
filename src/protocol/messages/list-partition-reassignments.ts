/** ListPartitionReassignments (46). The partitions that are moving (KIP-455). */
import { array, int16, int32, request, response, string } from "../schema.ts";

export const ListPartitionReassignmentsRequest = request(
  "ListPartitionReassignmentsRequest",
  { key: 46, versions: "0", flexible: "0+" },
  () => ({
    timeoutMs: int32({ default: 60000 }),
    topics: array(
      {
        name: string(),
        partitionIndexes: array(int32()),
      },
      { nullable: "0+", default: null },
    ),
  }),
);

export const ListPartitionReassignmentsResponse = response(
  "ListPartitionReassignmentsResponse",
  { key: 46, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        replicas: array(int32()),
        addingReplicas: array(int32()),
        removingReplicas: array(int32()),
      }),
    }),
  }),
);
