/**
 * What moving partitions asks the cluster.
 */

import { checkError, serverError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import type { KafkaError } from "../../../protocol/errors.ts";
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from "../../../protocol/messages/alter-partition-reassignments.ts";
import {
  DescribeLogDirsRequest,
  DescribeLogDirsResponse,
} from "../../../protocol/messages/describe-log-dirs.ts";
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from "../../../protocol/messages/list-partition-reassignments.ts";
import { ask } from "../admin/ask.ts";
import { byTopic } from "../admin/topics.ts";
import { ANY_DIRECTORY, nameOf } from "./plan.ts";

export interface Moving {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

interface Target {
  readonly topic: string;
  readonly partition: number;
  /** Null to put an end to its moving. */
  readonly replicas: readonly number[] | null;
}

/** All partitions that are moving. Rejects with a KafkaError. */
export async function movingPartitions(client: KafkaClient): Promise<Moving[]> {
  return ask(client, async () => {
    const answer = await client.sendOnce(
      "controller",
      ListPartitionReassignmentsRequest,
      ListPartitionReassignmentsResponse,
      { timeoutMs: client.config.requestTimeoutMs, topics: null },
    );
    checkError(answer.errorCode, answer.errorMessage);
    return answer.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }) => ({
        ...{ topic: name, partition: partitionIndex, replicas },
        ...{ adding: addingReplicas, removing: removingReplicas },
      })),
    );
  });
}

/** Gives partitions other replicas. Resolves to what failed, by the partitions' names. */
export async function alterReassignments(
  client: KafkaClient,
  targets: readonly Target[],
  allowReplicationFactorChange: boolean,
): Promise<Map<string, KafkaError>> {
  const answer = await client.send(
    "controller",
    AlterPartitionReassignmentsRequest,
    AlterPartitionReassignmentsResponse,
    {
      timeoutMs: client.config.requestTimeoutMs,
      allowReplicationFactorChange,
      topics: [...byTopic(targets)].map(([name, partitions]) => ({
        name,
        partitions: partitions.map(({ partition, replicas }) => ({ partitionIndex: partition, replicas })),
      })),
    },
  );
  checkError(answer.errorCode, answer.errorMessage);
  return new Map(
    answer.responses.flatMap(({ name, partitions }) =>
      partitions.flatMap(({ partitionIndex, errorCode, errorMessage }) => {
        const error = serverError(errorCode, errorMessage);
        return error === null ? [] : [[nameOf({ topic: name, partition: partitionIndex }), error] as const];
      }),
    ),
  );
}

/** Finds the log directory of a replica; "any" for one that isn't known. */
export async function logDirectories(
  client: KafkaClient,
  brokers: readonly number[],
): Promise<(partition: string, broker: number) => string> {
  const found = new Map<string, string>();
  for (const node of brokers) {
    const { results } = await client.send({ node }, DescribeLogDirsRequest, DescribeLogDirsResponse, {
      topics: null,
    });
    for (const { logDir, topics } of results) {
      for (const { name, partitions } of topics) {
        for (const { partitionIndex, isFutureKey } of partitions) {
          if (!isFutureKey)
            found.set(`${nameOf({ topic: name, partition: partitionIndex })} ${node}`, logDir);
        }
      }
    }
  }
  return (partition, broker) => found.get(`${partition} ${broker}`) ?? ANY_DIRECTORY;
}
