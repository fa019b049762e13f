/** EndQuorumEpoch (54). Tells the metadata quorum that its leader goes (KIP-595). */
import { array, int16, int32, request, response, string, uint16, uuid } from "../schema.ts";

export const EndQuorumEpochRequest = request(
  "EndQuorumEpochRequest",
  { key: 54, versions: "0-1", flexible: "1+" },
  () => ({
    clusterId: string({ nullable: "0+", default: null }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32(),
        preferredCandidates: array(
          {
            candidateId: int32(),
            candidateDirectoryId: uuid(),
          },
          { versions: "1+" },
        ),
        preferredSuccessors: array(int32(), { versions: "0" }),
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

export const EndQuorumEpochResponse = response(
  "EndQuorumEpochResponse",
  { key: 54, versions: "0-1", flexible: "1+" },
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
