/**
 * Which partitions somebody is to have, or has.
 */
import type { Uuid } from "../../protocol/uuid.ts";

/** Partitions by topic. A topic without partitions isn't in it. */
export type Assignment = ReadonlyMap<Uuid, ReadonlySet<number>>;

/** Partitions by topic, each with the member epoch at which the member got it. */
export type AssignmentWithEpochs = ReadonlyMap<Uuid, ReadonlyMap<number, number>>;

/** As requests, responses and records list partitions. */
export interface TopicPartitions {
  readonly topicId: Uuid;
  readonly partitions: readonly number[];
}

export const NO_PARTITIONS: ReadonlyMap<Uuid, never> = new Map<Uuid, never>();

const noNumbers: ReadonlySet<number> = new Set();
const noEpochs: ReadonlyMap<number, number> = new Map();

export function partitionsOf(assignment: Assignment, topicId: Uuid): ReadonlySet<number> {
  return assignment.get(topicId) ?? noNumbers;
}

export function epochsOf(assignment: AssignmentWithEpochs, topicId: Uuid): ReadonlyMap<number, number> {
  return assignment.get(topicId) ?? noEpochs;
}

export function assignmentFrom(list: readonly TopicPartitions[]): Assignment {
  return new Map(list.map(({ topicId, partitions }) => [topicId, new Set(partitions)]));
}

/** The same partitions, each with `epoch`. */
export function withEpoch(assignment: Assignment, epoch: number): AssignmentWithEpochs {
  return new Map(
    [...assignment].map(([topicId, partitions]) => [
      topicId,
      new Map([...partitions].map((partition) => [partition, epoch])),
    ]),
  );
}

export function topicPartitionsOf(
  assignment: ReadonlyMap<Uuid, { keys(): IterableIterator<number> }>,
): { topicId: Uuid; partitions: number[] }[] {
  return [...assignment].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions.keys()] }));
}

export function sameAssignment(one: Assignment, other: Assignment): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const [topicId, partitions] of one) {
    const others = other.get(topicId);
    if (others === undefined || others.size !== partitions.size) return false;
    for (const partition of partitions) if (!others.has(partition)) return false;
  }
  return true;
}

export function sameAssignmentWithEpochs(one: AssignmentWithEpochs, other: AssignmentWithEpochs): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const [topicId, epochs] of one) {
    const others = other.get(topicId);
    if (others === undefined || others.size !== epochs.size) return false;
    for (const [partition, epoch] of epochs) if (others.get(partition) !== epoch) return false;
  }
  return true;
}

/** Whether all of `list` are in `assignment`. */
export function includesAll(assignment: AssignmentWithEpochs, list: readonly TopicPartitions[]): boolean {
  return list.every(({ topicId, partitions }) => {
    const epochs = assignment.get(topicId);
    return epochs !== undefined && partitions.every((partition) => epochs.has(partition));
  });
}

/** Whether any of `list` is in `assignment`. */
export function includesAny(assignment: AssignmentWithEpochs, list: readonly TopicPartitions[]): boolean {
  return list.some(({ topicId, partitions }) => {
    const epochs = assignment.get(topicId);
    return epochs !== undefined && partitions.some((partition) => epochs.has(partition));
  });
}
