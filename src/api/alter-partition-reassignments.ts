/**
 * AlterPartitionReassignments (45). Other replicas for partitions, or an end of their moving (KIP-455). Versions: 1
 * can insist on as many replicas as there are (KIP-860). Each partition answers for itself; the controller does the
 * work, which on one node is to reorder replicas and to drop those on brokers that are gone.
 */
import { ErrorCode } from "../protocol/errors.ts";
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from "../protocol/messages/alter-partition-reassignments.ts";
import { api } from "./api.ts";
import { errorMessage } from "./error-message.ts";

export const alterPartitionReassignments = api(
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
  {
    handle({ topics, allowReplicationFactorChange }, { broker }) {
      const { controller } = broker.metadata;
      const results = controller.alterReassignments(topics, allowReplicationFactorChange);
      return {
        throttleTimeMs: 0,
        allowReplicationFactorChange,
        errorCode: ErrorCode.NONE,
        errorMessage: null,
        responses: results.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex, error }) => ({
            partitionIndex,
            errorCode: error?.code ?? ErrorCode.NONE,
            errorMessage: errorMessage(error),
          })),
        })),
      };
    },
    fail: ({ topics, allowReplicationFactorChange }, error) => ({
      throttleTimeMs: 0,
      allowReplicationFactorChange,
      errorCode: error.code,
      errorMessage: errorMessage(error),
      responses: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: error.code,
          errorMessage: errorMessage(error),
        })),
      })),
    }),
  },
);
