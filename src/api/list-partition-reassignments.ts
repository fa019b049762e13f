/**
 * ListPartitionReassignments (46). The partitions that are moving (KIP-455): on one node those that Apache Kafka was
 * moving when it last had the directory.
 */
import type { PartitionImage } from "../metadata/image/cluster-image.ts";
import { ErrorCode } from "../protocol/errors.ts";
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from "../protocol/messages/list-partition-reassignments.ts";
import { api } from "./api.ts";
import { errorMessage } from "./error-message.ts";

export const listPartitionReassignments = api(
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
  {
    handle({ topics }, { broker }) {
      const { image } = broker.metadata;
      const wanted =
        topics === null
          ? [...image.topics()].map(({ name, partitions }) => ({ name, partitions }))
          : topics.map(({ name, partitionIndexes }) => ({
              name,
              partitions: partitionIndexes.flatMap(
                (index) => image.topicByName(name)?.partitions[index] ?? [],
              ),
            }));
      return {
        throttleTimeMs: 0,
        errorCode: ErrorCode.NONE,
        errorMessage: null,
        topics: wanted
          .map(({ name, partitions }) => ({ name, partitions: partitions.filter(isMoving).map(described) }))
          .filter(({ partitions }) => partitions.length > 0),
      };
    },
    fail: (_request, error) => ({
      throttleTimeMs: 0,
      errorCode: error.code,
      errorMessage: errorMessage(error),
      topics: [],
    }),
  },
);

function isMoving({ addingReplicas, removingReplicas }: PartitionImage): boolean {
  return addingReplicas.length > 0 || removingReplicas.length > 0;
}

function described({ index, replicas, addingReplicas, removingReplicas }: PartitionImage) {
  return { partitionIndex: index, replicas, addingReplicas, removingReplicas };
}
