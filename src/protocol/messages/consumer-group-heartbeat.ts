/** ConsumerGroupHeartbeat (68). Joins, keeps and leaves a consumer group, and carries its assignments (KIP-848). 1 adds subscription by regular expression. */
import { array, int16, int32, request, response, string, struct, uuid } from "../schema.ts";

export const ConsumerGroupHeartbeatRequest = request(
  "ConsumerGroupHeartbeatRequest",
  { key: 68, versions: "0-1", flexible: "0+" },
  () => ({
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    instanceId: string({ nullable: "0+", default: null }),
    rackId: string({ nullable: "0+", default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    subscribedTopicNames: array(string(), { nullable: "0+", default: null }),
    subscribedTopicRegex: string({ versions: "1+", nullable: "1+", default: null }),
    serverAssignor: string({ nullable: "0+", default: null }),
    topicPartitions: array(
      {
        topicId: uuid(),
        partitions: array(int32()),
      },
      { nullable: "0+", default: null },
    ),
  }),
);

export const ConsumerGroupHeartbeatResponse = response(
  "ConsumerGroupHeartbeatResponse",
  { key: 68, versions: "0-1", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    memberId: string({ nullable: "0+", default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct(
      {
        topicPartitions: array({
          topicId: uuid(),
          partitions: array(int32()),
        }),
      },
      { nullable: "0+", default: null },
    ),
  }),
);
