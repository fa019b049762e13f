/**
 * Heartbeat: keeps a member's session alive, and tells the member when to join again.
 */
import { answer, type Outcome } from "../../coordinator/outcome.ts";
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import type { HeartbeatRequest, HeartbeatResponse } from "../../protocol/messages/heartbeat.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import type { ClassicGroup } from "./group.ts";
import { renewSession } from "./session.ts";
import { checkMember } from "./validate-member.ts";

export type HeartbeatReply = Encodable<typeof HeartbeatResponse>;

const alive = answer<GroupRecord, HeartbeatReply>({ errorCode: ErrorCode.NONE });
const rejoin = answer<GroupRecord, HeartbeatReply>({ errorCode: ErrorCode.REBALANCE_IN_PROGRESS });

/**
 * Answers a member of a classic group.
 *
 * @throws KafkaError UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, or COORDINATOR_NOT_AVAILABLE
 */
export function heartbeat(
  shard: GroupShard,
  group: ClassicGroup,
  request: Decoded<typeof HeartbeatRequest>,
): Outcome<GroupRecord, HeartbeatReply> {
  if (group.state === "Dead")
    throw new KafkaError("COORDINATOR_NOT_AVAILABLE", "The group is being unloaded.");
  const member = checkMember(group, request.memberId, request.groupInstanceId);
  if (request.generationId !== group.generationId) {
    throw new KafkaError("ILLEGAL_GENERATION", `The group is in generation ${group.generationId}.`);
  }
  renewSession(shard, group, member);
  return group.state === "PreparingRebalance" ? rejoin : alive;
}
