/** StreamsGroupMemberMetadata. What a member of a streams group says of itself (KIP-1071). */
import { array, int32, record, string, struct, uint16 } from "../schema.ts";

export const StreamsGroupMemberMetadataKey = record(
  "StreamsGroupMemberMetadataKey",
  { id: 19, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
    memberId: string(),
  }),
);

export const StreamsGroupMemberMetadataValue = record(
  "StreamsGroupMemberMetadataValue",
  { id: 19, versions: "0", flexible: "0+" },
  () => ({
    instanceId: string({ nullable: "0+" }),
    rackId: string({ nullable: "0+" }),
    clientId: string(),
    clientHost: string(),
    rebalanceTimeoutMs: int32({ default: -1 }),
    topologyEpoch: int32(),
    processId: string(),
    userEndpoint: struct(
      {
        host: string(),
        port: uint16(),
      },
      { nullable: "0+", default: null },
    ),
    clientTags: array({
      key: string(),
      value: string(),
    }),
  }),
);
