/** ShareGroupMemberMetadata. What a member of a share group says of itself (KIP-932). */
import { array, record, string } from "../schema.ts";

export const ShareGroupMemberMetadataKey = record(
  "ShareGroupMemberMetadataKey",
  { id: 10, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
    memberId: string(),
  }),
);

export const ShareGroupMemberMetadataValue = record(
  "ShareGroupMemberMetadataValue",
  { id: 10, versions: "0", flexible: "0+" },
  () => ({
    rackId: string({ nullable: "0+" }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: array(string()),
  }),
);
