/** ShareGroupDescribe (77). What share groups look like from inside (KIP-932). */
import { array, boolean, int16, int32, request, response, string, struct, uuid } from "../schema.ts";

export const ShareGroupDescribeRequest = request(
  "ShareGroupDescribeRequest",
  { key: 77, versions: "1", flexible: "1+" },
  () => ({
    groupIds: array(string()),
    includeAuthorizedOperations: boolean(),
  }),
);

export const ShareGroupDescribeResponse = response(
  "ShareGroupDescribeResponse",
  { key: 77, versions: "1", flexible: "1+" },
  () => ({
    throttleTimeMs: int32(),
    groups: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "1+", default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      assignorName: string(),
      members: array({
        memberId: string(),
        rackId: string({ nullable: "1+", default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array(string()),
        assignment: struct({
          topicPartitions: array({
            topicId: uuid(),
            topicName: string(),
            partitions: array(int32()),
          }),
        }),
      }),
      authorizedOperations: int32({ default: -2147483648 }),
    }),
  }),
);
