/** AlterPartitionReassignments (45). Moves partitions to other brokers (KIP-455). */
import { array, boolean, int16, int32, request, response, string } from "../schema.ts";

export const AlterPartitionReassignmentsRequest = request(
  "AlterPartitionReassignmentsRequest",
  { key: 45, versions: "0-1", flexible: "0+" },
  () => ({
    timeoutMs: int32({ default: 60000 }),
    allowReplicationFactorChange: boolean({ versions: "1+", default: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        replicas: array(int32(), { nullable: "0+", default: null }),
      }),
    }),
  }),
);

export const AlterPartitionReassignmentsResponse = response(
  "AlterPartitionReassignmentsResponse",
  { key: 45, versions: "0-1", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    allowReplicationFactorChange: boolean({ versions: "1+", default: true }),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    responses: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+" }),
      }),
    }),
  }),
);
