/** ShareGroupHeartbeat (76). Joins, keeps and leaves a share group (KIP-932). */
import { array, int16, int32, request, response, string, struct, uuid } from "../schema.ts";

export const ShareGroupHeartbeatRequest = request(
  "ShareGroupHeartbeatRequest",
  { key: 76, versions: "1", flexible: "1+" },
  () => ({
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    rackId: string({ nullable: "1+", default: null }),
    subscribedTopicNames: array(string(), { nullable: "1+", default: null }),
  }),
);

export const ShareGroupHeartbeatResponse = response(
  "ShareGroupHeartbeatResponse",
  { key: 76, versions: "1", flexible: "1+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "1+", default: null }),
    memberId: string({ nullable: "1+", default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct(
      {
        topicPartitions: array({
          topicId: uuid(),
          partitions: array(int32()),
        }),
      },
      { nullable: "1+", default: null },
    ),
  }),
);
