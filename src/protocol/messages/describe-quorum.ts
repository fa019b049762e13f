/** DescribeQuorum (55). The state of the metadata quorum (KIP-836). */
import { array, int16, int32, int64, request, response, string, uint16, uuid } from "../schema.ts";

export const DescribeQuorumRequest = request(
  "DescribeQuorumRequest",
  { key: 55, versions: "0-2", flexible: "0+" },
  () => ({
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
      }),
    }),
  }),
);

export const DescribeQuorumResponse = response(
  "DescribeQuorumResponse",
  { key: 55, versions: "0-2", flexible: "0+" },
  () => ({
    errorCode: int16(),
    errorMessage: string({ versions: "2+", nullable: "2+" }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ versions: "2+", nullable: "2+" }),
        leaderId: int32(),
        leaderEpoch: int32(),
        highWatermark: int64(),
        currentVoters: array({
          replicaId: int32(),
          replicaDirectoryId: uuid({ versions: "2+" }),
          logEndOffset: int64(),
          lastFetchTimestamp: int64({ versions: "1+", default: -1n }),
          lastCaughtUpTimestamp: int64({ versions: "1+", default: -1n }),
        }),
        observers: array({
          replicaId: int32(),
          replicaDirectoryId: uuid({ versions: "2+" }),
          logEndOffset: int64(),
          lastFetchTimestamp: int64({ versions: "1+", default: -1n }),
          lastCaughtUpTimestamp: int64({ versions: "1+", default: -1n }),
        }),
      }),
    }),
    nodes: array(
      {
        nodeId: int32(),
        listeners: array({
          name: string(),
          host: string(),
          port: uint16(),
        }),
      },
      { versions: "2+" },
    ),
  }),
);
