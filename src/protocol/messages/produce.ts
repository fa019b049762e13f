/** Produce (0). Appends record batches to partitions. 12 adds partitions to a transaction by itself (KIP-890); 13 names topics by id (KIP-516). */
import { array, int16, int32, int64, records, request, response, string, struct, uuid } from "../schema.ts";

export const ProduceRequest = request("ProduceRequest", { key: 0, versions: "3-13", flexible: "9+" }, () => ({
  transactionalId: string({ nullable: "3+", default: null }),
  acks: int16(),
  timeoutMs: int32(),
  topicData: array({
    topicId: uuid({ versions: "13+" }),
    name: string({ versions: "3-12" }),
    partitionData: array({
      index: int32(),
      records: records({ nullable: "3+", default: null }),
    }),
  }),
}));

export const ProduceResponse = response(
  "ProduceResponse",
  { key: 0, versions: "3-13", flexible: "9+" },
  () => ({
    responses: array({
      topicId: uuid({ versions: "13+" }),
      name: string({ versions: "3-12" }),
      partitionResponses: array({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTimeMs: int64({ default: -1n }),
        logStartOffset: int64({ versions: "5+", default: -1n }),
        recordErrors: array(
          {
            batchIndex: int32(),
            batchIndexErrorMessage: string({ nullable: "8+", default: null }),
          },
          { versions: "8+" },
        ),
        errorMessage: string({ versions: "8+", nullable: "8+", default: null }),
        currentLeader: struct(
          {
            leaderId: int32({ default: -1 }),
            leaderEpoch: int32({ default: -1 }),
          },
          { versions: "10+", tag: 0 },
        ),
      }),
    }),
    throttleTimeMs: int32(),
    nodeEndpoints: array(
      {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: "10+", default: null }),
      },
      { versions: "10+", tag: 0 },
    ),
  }),
);
