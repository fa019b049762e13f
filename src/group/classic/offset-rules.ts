/**
 * What a classic group allows to be done with its offsets and with itself.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { OffsetCommitter } from "../group.ts";
import type { CommittedOffset } from "../offsets/committed-offset.ts";
import type { ClassicGroup } from "./group.ts";
import { checkMember } from "./validate-member.ts";

/**
 * Whether that member may commit offsets now.
 *
 * @throws KafkaError COORDINATOR_NOT_AVAILABLE, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, or
 *   REBALANCE_IN_PROGRESS between the beginning of a generation and its assignment
 */
export function checkOffsetCommit(group: ClassicGroup, committer: OffsetCommitter): void {
  const { memberId, groupInstanceId, generationIdOrMemberEpoch: generationId, transactional } = committer;
  if (group.state === "Dead")
    throw new KafkaError("COORDINATOR_NOT_AVAILABLE", "The group is being unloaded.");
  // Administrators, and consumers that assign themselves.
  if (generationId < 0 && group.state === "Empty") return;
  if (generationId >= 0 || memberId !== "" || groupInstanceId !== null) {
    checkMember(group, memberId, groupInstanceId);
    if (generationId !== group.generationId) {
      throw new KafkaError("ILLEGAL_GENERATION", `The group is in generation ${group.generationId}.`);
    }
  } else if (!transactional) {
    // Old versions of TxnOffsetCommit know neither members nor generations: only those may pass by a live group.
    throw new KafkaError("UNKNOWN_MEMBER_ID", "The group has members, and the request names none of them.");
  }
  // The member knows of the generation and can't know its part in it yet.
  if (!transactional && group.state === "CompletingRebalance") {
    throw new KafkaError("REBALANCE_IN_PROGRESS", "The group is rebalancing.");
  }
}

/** @throws KafkaError GROUP_ID_NOT_FOUND for a group that has been given up */
export function checkOffsetFetch(group: ClassicGroup): void {
  if (group.state === "Dead") throw dead(group);
}

/**
 * Whether offsets may be deleted, of topics that nobody is subscribed to (`isSubscribedToTopic`).
 *
 * @throws KafkaError GROUP_ID_NOT_FOUND, or NON_EMPTY_GROUP where members are no consumers: nobody knows their topics
 */
export function checkOffsetDelete(group: ClassicGroup): void {
  if (group.state === "Dead") throw dead(group);
  if (group.state !== "Empty" && !group.usesConsumerProtocol) throw nonEmpty();
}

/** @throws KafkaError GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP */
export function checkDeleteGroup(group: ClassicGroup): void {
  if (group.state === "Dead") throw dead(group);
  if (group.state !== "Empty") throw nonEmpty();
}

/**
 * From when an offset's retention counts (KIP-211): in an empty group from when it became empty, in one without
 * members of its own, or where no member is subscribed to the topic any more, from the commit.
 */
export function retentionStart(
  group: ClassicGroup,
  offset: CommittedOffset,
  topic: string,
): number | undefined {
  if (group.protocolType === "") return offset.commitTimestampMs;
  if (group.isSubscribedToTopic(topic)) return undefined;
  if (group.state === "Empty") return group.stateSinceMs ?? offset.commitTimestampMs;
  const knowsTopics = group.usesConsumerProtocol && group.topics !== undefined;
  return knowsTopics && group.state === "Stable" ? offset.commitTimestampMs : undefined;
}

function dead(group: ClassicGroup): KafkaError {
  return new KafkaError("GROUP_ID_NOT_FOUND", `Group ${group.groupId} is in dead state.`);
}

function nonEmpty(): KafkaError {
  return new KafkaError("NON_EMPTY_GROUP", "The group is not empty.");
}
