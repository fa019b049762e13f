/** Fetch (1). Reads record batches from partitions. 7 adds fetch sessions (KIP-227); 12 leader epochs of what was last fetched (KIP-595); 13 topic ids (KIP-516); 15 the replica's state (KIP-903); 16 node endpoints (KIP-951); 17 directory ids (KIP-853). */
import {
  array,
  int8,
  int16,
  int32,
  int64,
  records,
  request,
  response,
  string,
  struct,
  uuid,
} from "../schema.ts";

export const FetchRequest = request("FetchRequest", { key: 1, versions: "4-18", flexible: "12+" }, () => ({
  replicaId: int32({ versions: "4-14", default: -1 }),
  maxWaitMs: int32(),
  minBytes: int32(),
  maxBytes: int32({ default: 2147483647 }),
  isolationLevel: int8(),
  sessionId: int32({ versions: "7+" }),
  sessionEpoch: int32({ versions: "7+", default: -1 }),
  topics: array({
    topicId: uuid({ versions: "13+" }),
    topic: string({ versions: "4-12" }),
    partitions: array({
      partition: int32(),
      currentLeaderEpoch: int32({ versions: "9+", default: -1 }),
      fetchOffset: int64(),
      lastFetchedEpoch: int32({ versions: "12+", default: -1 }),
      logStartOffset: int64({ versions: "5+", default: -1n }),
      partitionMaxBytes: int32(),
      replicaDirectoryId: uuid({ versions: "17+", tag: 0 }),
      highWatermark: int64({ versions: "18+", tag: 1, default: 9223372036854775807n }),
    }),
  }),
  forgottenTopicsData: array(
    {
      topicId: uuid({ versions: "13+" }),
      topic: string({ versions: "7-12" }),
      partitions: array(int32()),
    },
    { versions: "7+" },
  ),
  rackId: string({ versions: "11+" }),
  clusterId: string({ versions: "12+", nullable: "12+", tag: 0, default: null }),
  replicaState: struct(
    {
      replicaId: int32({ default: -1 }),
      replicaEpoch: int64({ default: -1n }),
    },
    { versions: "15+", tag: 1 },
  ),
}));

export const FetchResponse = response("FetchResponse", { key: 1, versions: "4-18", flexible: "12+" }, () => ({
  throttleTimeMs: int32(),
  errorCode: int16({ versions: "7+" }),
  sessionId: int32({ versions: "7+" }),
  responses: array({
    topicId: uuid({ versions: "13+" }),
    topic: string({ versions: "4-12" }),
    partitions: array({
      partitionIndex: int32(),
      errorCode: int16(),
      highWatermark: int64(),
      lastStableOffset: int64({ default: -1n }),
      logStartOffset: int64({ versions: "5+", default: -1n }),
      abortedTransactions: array(
        {
          producerId: int64(),
          firstOffset: int64(),
        },
        { nullable: "4+" },
      ),
      preferredReadReplica: int32({ versions: "11+", default: -1 }),
      records: records({ nullable: "4+", default: null }),
      divergingEpoch: struct(
        {
          epoch: int32({ default: -1 }),
          endOffset: int64({ default: -1n }),
        },
        { versions: "12+", tag: 0 },
      ),
      currentLeader: struct(
        {
          leaderId: int32({ default: -1 }),
          leaderEpoch: int32({ default: -1 }),
        },
        { versions: "12+", tag: 1 },
      ),
      snapshotId: struct(
        {
          endOffset: int64({ default: -1n }),
          epoch: int32({ default: -1 }),
        },
        { versions: "12+", tag: 2 },
      ),
    }),
  }),
  nodeEndpoints: array(
    {
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: "16+", default: null }),
    },
    { versions: "16+", tag: 0 },
  ),
}));
