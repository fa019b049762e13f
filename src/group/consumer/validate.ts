/**
 * What can be said of a ConsumerGroupHeartbeat request without looking at the group.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from "../../protocol/messages/consumer-group-heartbeat.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import type { GroupConfig } from "../environment.ts";
import { configuredAssignors } from "./assignors/configured.ts";
import { JOIN_EPOCH, LEAVE_EPOCH, STATIC_LEAVE_EPOCH } from "./member.ts";

export type HeartbeatRequest = Decoded<typeof ConsumerGroupHeartbeatRequest>;
export type HeartbeatReply = Encodable<typeof ConsumerGroupHeartbeatResponse>;

/** From this version on clients choose their member ids. */
const FIRST_VERSION_WITH_CLIENT_IDS = 1;

/** @throws KafkaError INVALID_REQUEST, UNSUPPORTED_ASSIGNOR */
export function checkRequest(request: HeartbeatRequest, apiVersion: number, config: GroupConfig): void {
  const { memberEpoch } = request;
  const needsMemberId =
    apiVersion >= FIRST_VERSION_WITH_CLIENT_IDS || memberEpoch > JOIN_EPOCH || memberEpoch === LEAVE_EPOCH;
  if (needsMemberId) checkNotBlank(request.memberId, "MemberId");
  checkNotBlank(request.groupId, "GroupId");
  checkNotBlank(request.instanceId, "InstanceId");
  checkNotBlank(request.rackId, "RackId");
  if (memberEpoch === JOIN_EPOCH) checkJoin(request);
  else if (memberEpoch === STATIC_LEAVE_EPOCH && request.instanceId === null) {
    throw invalid("InstanceId can't be null.");
  } else if (memberEpoch < STATIC_LEAVE_EPOCH) throw invalid("MemberEpoch is invalid.");
  checkAssignor(request.serverAssignor, config);
}

function checkJoin({
  rebalanceTimeoutMs,
  topicPartitions,
  subscribedTopicNames,
  subscribedTopicRegex,
}: HeartbeatRequest): void {
  if (rebalanceTimeoutMs === -1) throw invalid("RebalanceTimeoutMs must be provided in first request.");
  if (topicPartitions?.length !== 0) throw invalid("TopicPartitions must be empty when (re-)joining.");
  if (subscribedTopicNames === null && subscribedTopicRegex === null) {
    throw invalid("Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
  }
}

function checkNotBlank(value: string | null, field: string): void {
  if (value?.trim() === "") throw invalid(`${field} can't be empty.`);
}

function checkAssignor(name: string | null, config: GroupConfig): void {
  if (name === null) return;
  const names = configuredAssignors(config).map((assignor) => assignor.name);
  if (names.includes(name)) return;
  throw new KafkaError(
    "UNSUPPORTED_ASSIGNOR",
    `ServerAssignor ${name} is not supported. Supported assignors: ${names.join(", ")}.`,
  );
}

function invalid(message: string): KafkaError {
  return new KafkaError("INVALID_REQUEST", message);
}
