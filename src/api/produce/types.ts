/**
 * The parts of a produce request and of its answer.
 */
import type { ProduceRequest, ProduceResponse } from "../../protocol/messages/produce.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";

export type ProduceRequestBody = Decoded<typeof ProduceRequest>;
export type RequestedTopic = ProduceRequestBody["topicData"][number];
export type RequestedPartition = RequestedTopic["partitionData"][number];

export type ProduceResponseBody = Encodable<typeof ProduceResponse>;
export type ResponsePartition = ProduceResponseBody["responses"][number]["partitionResponses"][number];

/** The acks of a producer that wants no answer, one from the leader, or one when all replicas in sync have it. */
export const NO_ACKS = 0;
export const LEADER_ACKS = 1;
export const ALL_ACKS = -1;
