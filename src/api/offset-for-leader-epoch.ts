/**
 * OffsetForLeaderEpoch (23). Where a leader epoch ends in a partition's log, so that a client finds out whether what
 * it read is still there (KIP-101, KIP-320). Versions: 3 says which broker asks; 4 is flexible.
 */
import { ErrorCode } from "../protocol/errors.ts";
import {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from "../protocol/messages/offset-for-leader-epoch.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { answerElement } from "./elements.ts";
import { endOfEpoch } from "./epoch-end.ts";

type Request = Decoded<typeof OffsetForLeaderEpochRequest>;
type Asked = Request["topics"][number]["partitions"][number];
type Answer = Encodable<typeof OffsetForLeaderEpochResponse>["topics"][number]["partitions"][number];

export const offsetForLeaderEpoch = api(OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse, {
  handle: (request, context) => answerAll(request, (topic, asked) => find(topic, asked, context)),
  fail: (request, { code }) => answerAll(request, (_topic, asked) => failed(asked, code)),
});

function answerAll(request: Request, answer: (topic: string, asked: Asked) => Answer) {
  const topics = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((asked) => answer(topic, asked)),
  }));
  return { throttleTimeMs: 0, topics };
}

function find(topic: string, asked: Asked, context: RequestContext): Answer {
  return answerElement(
    `OffsetForLeaderEpoch of ${topic}-${asked.partition}`,
    context,
    (): Answer => {
      const { replicas } = context.broker;
      const replica = replicas.leader(replicas.topicByName(topic), asked.partition, asked.currentLeaderEpoch);
      return {
        errorCode: ErrorCode.NONE,
        partition: asked.partition,
        ...endOfEpoch(replica, asked.leaderEpoch),
      };
    },
    ({ code }) => failed(asked, code),
  );
}

function failed({ partition }: Asked, errorCode: number): Answer {
  return { errorCode, partition, leaderEpoch: -1, endOffset: -1 };
}
