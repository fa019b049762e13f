/** BeginQuorumEpoch (53). Tells the metadata quorum of a new leader (KIP-595). */
import { array, int16, int32, request, response, string, uint16, uuid } from "../schema.ts";

export const BeginQuorumEpochRequest = request(
  "BeginQuorumEpochRequest",
  { key: 53, versions: "0-1", flexible: "1+" },
  () => ({
    clusterId: string({ nullable: "0+", default: null }),
    voterId: int32({ versions: "1+", default: -1 }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        voterDirectoryId: uuid({ versions: "1+" }),
        leaderId: int32(),
        leaderEpoch: int32(),
      }),
    }),
    leaderEndpoints: array(
      {
        name: string(),
        host: string(),
        port: uint16(),
      },
      { versions: "1+" },
    ),
  }),
);

export const BeginQuorumEpochResponse = response(
  "BeginQuorumEpochResponse",
  { key: 53, versions: "0-1", flexible: "1+" },
  () => ({
    errorCode: int16(),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
      }),
    }),
    nodeEndpoints: array(
      {
        nodeId: int32(),
        host: string(),
        port: uint16(),
      },
      { versions: "1+", tag: 0 },
    ),
  }),
);
