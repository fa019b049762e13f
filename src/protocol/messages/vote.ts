/** Vote (52). Asks for a vote in the metadata quorum (KIP-595). */
import { array, boolean, int16, int32, int64, request, response, string, uint16, uuid } from "../schema.ts";

export const VoteRequest = request("VoteRequest", { key: 52, versions: "0-2", flexible: "0+" }, () => ({
  clusterId: string({ nullable: "0+", default: null }),
  voterId: int32({ versions: "1+", default: -1 }),
  topics: array({
    topicName: string(),
    partitions: array({
      partitionIndex: int32(),
      replicaEpoch: int32(),
      replicaId: int32(),
      replicaDirectoryId: uuid({ versions: "1+" }),
      voterDirectoryId: uuid({ versions: "1+" }),
      lastOffsetEpoch: int32(),
      lastOffset: int64(),
      preVote: boolean({ versions: "2+" }),
    }),
  }),
}));

export const VoteResponse = response("VoteResponse", { key: 52, versions: "0-2", flexible: "0+" }, () => ({
  errorCode: int16(),
  topics: array({
    topicName: string(),
    partitions: array({
      partitionIndex: int32(),
      errorCode: int16(),
      leaderId: int32(),
      leaderEpoch: int32(),
      voteGranted: boolean(),
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
}));
