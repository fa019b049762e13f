/**
 * Makes a coordinator's topic when somebody needs it for the first time, as Kafka does.
 */
import type { Logger } from "../observe/logger.ts";
import { KafkaError } from "../protocol/errors.ts";

/** A topic to be made: an element of a CreateTopics request. */
export interface NewTopic {
  readonly name: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: [];
  readonly configs: { readonly name: string; readonly value: string }[];
}

/** What makes topics: the controller. */
export interface TopicCreator {
  createTopics(
    topics: readonly NewTopic[],
    options: { validateOnly: boolean },
  ): readonly { readonly error?: KafkaError | undefined }[];
}

/** Makes the topic. Throws COORDINATOR_NOT_AVAILABLE where that can't be, with a log line that says why. */
export function createInternalTopic(creator: TopicCreator, topic: NewTopic, logger: Logger): void {
  const [result] = creator.createTopics([topic], { validateOnly: false });
  const error = result?.error;
  if (error === undefined || error.errorName === "TOPIC_ALREADY_EXISTS") return;
  logger.error(`${topic.name} could not be made: ${error.message} (${error.errorName})`);
  throw new KafkaError("COORDINATOR_NOT_AVAILABLE", "The coordinator is not available.");
}
