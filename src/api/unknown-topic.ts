/**
 * What clients are told of a topic that isn't there.
 */
import { invalidTopicName } from "../metadata/controller/topic-names.ts";
import { ErrorCode } from "../protocol/errors.ts";

/** INVALID_TOPIC_EXCEPTION for a name that no topic can have, else UNKNOWN_TOPIC_OR_PARTITION. */
export function unknownTopicCode(name: string): ErrorCode {
  return invalidTopicName(name)?.code ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
}
