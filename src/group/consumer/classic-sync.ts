/**
 * SyncGroup of a member of the classic protocol in a consumer group: it gets the partitions that its join has led to.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import type { SyncGroupRequest, SyncGroupResponse } from "../../protocol/messages/sync-group.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import { CONSUMER_PROTOCOL_TYPE } from "../classic/subscribed-topics.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import type { Assignment, AssignmentWithEpochs } from "./assignment.ts";
import { type ClassicMember, checkClassicMember } from "./classic-checks.ts";
import { encodeAssignment } from "./classic-protocol.ts";
import type { ConsumerGroup } from "./group.ts";
import { MemberState } from "./member.ts";
import { awaitJoin, renewSession, synced } from "./timers.ts";

type SyncGroup = Decoded<typeof SyncGroupRequest>;

/**
 * @throws KafkaError UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, INCONSISTENT_GROUP_PROTOCOL,
 *   REBALANCE_IN_PROGRESS
 */
export function syncConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  request: SyncGroup,
): Outcome<GroupRecord, Encodable<typeof SyncGroupResponse>> {
  const member = checkClassicMember(group, request);
  const [protocol] = member.classicMemberMetadata.supportedProtocols;
  checkProtocol(member, request, protocol?.name);
  checkUpToDate(shard, group, member);
  const { protocolType, protocolName } = request;
  const assignment = encodeAssignment(
    withoutEpochs(member.assignedPartitions),
    shard.environment.topics,
    protocol?.metadata ?? new Uint8Array(),
  );
  return {
    records: [],
    reply: { errorCode: ErrorCode.NONE, protocolType, protocolName, assignment },
    afterwards: () => {
      const { groupId } = group;
      synced(shard, groupId, member.memberId);
      renewSession(shard, groupId, member.memberId, member.classicMemberMetadata.sessionTimeoutMs);
    },
  };
}

function checkProtocol(
  { memberId }: ClassicMember,
  { protocolType, protocolName }: SyncGroup,
  joinedWith: string | undefined,
): void {
  if (protocolType !== null && protocolType !== CONSUMER_PROTOCOL_TYPE) {
    throw new KafkaError(
      "INCONSISTENT_GROUP_PROTOCOL",
      `The protocol type ${protocolType} from member ${memberId} request is not equal to the group protocol type ` +
        `${CONSUMER_PROTOCOL_TYPE}.`,
    );
  }
  if (protocolName !== null && protocolName !== joinedWith) {
    throw new KafkaError(
      "INCONSISTENT_GROUP_PROTOCOL",
      `The protocol name ${protocolName} from member ${memberId} request is not equal to the protocol name ` +
        `${joinedWith} returned in the join response.`,
    );
  }
}

/** A member that is behind joins again first, unless it has yet to say that it gave partitions up. */
function checkUpToDate(shard: GroupShard, group: ConsumerGroup, member: ClassicMember): void {
  const isBehind = group.assignmentEpoch > member.memberEpoch;
  if (!isBehind || member.state === MemberState.UNREVOKED_PARTITIONS) return;
  awaitJoin(shard, group.groupId, member);
  throw new KafkaError(
    "REBALANCE_IN_PROGRESS",
    `A new rebalance is triggered in group ${group.groupId} and member ${member.memberId} should rejoin to catch up.`,
  );
}

function withoutEpochs(assignment: AssignmentWithEpochs): Assignment {
  return new Map<Uuid, ReadonlySet<number>>(
    [...assignment].map(([topicId, epochs]) => [topicId, new Set(epochs.keys())]),
  );
}
