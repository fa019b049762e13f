/**
 * DeleteRecords (21). Moves the start of a partition's log up to an offset, or with -1 to the high watermark
 * (KIP-107). Versions: 1 as 0; 2 is flexible.
 *
 * With one replica it is done when it is answered, so `timeoutMs` has nothing to limit.
 */
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { DeleteRecordsRequest, DeleteRecordsResponse } from "../protocol/messages/delete-records.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { answerElement, answerPartitions } from "./elements.ts";
import { isInternalTopic } from "./internal-topics.ts";

type Request = Decoded<typeof DeleteRecordsRequest>;
type Asked = Request["topics"][number]["partitions"][number];
type Answer = Encodable<typeof DeleteRecordsResponse>["topics"][number]["partitions"][number];

const NO_LOW_WATERMARK = -1;

export const deleteRecords = api(DeleteRecordsRequest, DeleteRecordsResponse, {
  async handle(request, context) {
    const answer = answerPartitions(request, (topic, asked) => deleteFrom(topic, asked, context));
    // What a client was told is deleted must not come back with the broker after a crash.
    await context.broker.replicas.checkpoint();
    return answer;
  },
  fail: (request, { code }) => answerPartitions(request, (_topic, asked) => failed(asked, code)),
});

function deleteFrom(topic: string, asked: Asked, context: RequestContext): Answer {
  const { partitionIndex, offset } = asked;
  return answerElement(
    `DeleteRecords of ${topic}-${partitionIndex}`,
    context,
    (): Answer => {
      const { replicas } = context.broker;
      const { log } = replicas.leader(replicas.topicByName(topic), partitionIndex);
      if (isInternalTopic(topic)) {
        throw new KafkaError("INVALID_TOPIC_EXCEPTION", `Cannot delete records of internal topic ${topic}`);
      }
      const lowWatermark = log.deleteRecordsBefore(Number(offset));
      return { partitionIndex, lowWatermark, errorCode: ErrorCode.NONE };
    },
    ({ code }) => failed(asked, code),
  );
}

function failed({ partitionIndex }: Asked, errorCode: number): Answer {
  return { partitionIndex, lowWatermark: NO_LOW_WATERMARK, errorCode };
}
