/**
 * Makes a coordinator's topic when somebody looks for the coordinator for the first time, as Kafka does.
 */
import { KafkaError } from "../protocol/errors.ts";
import { automaticTopic } from "./automatic-topics.ts";
import type { RequestContext } from "./context.ts";

/**
 * Makes the topic if it isn't there.
 *
 * @throws KafkaError COORDINATOR_NOT_AVAILABLE where that can't be; a log line says why
 */
export function ensureCoordinatorTopic(name: string, { broker }: RequestContext): void {
  const { metadata, logger, config } = broker;
  if (metadata.image.topicByName(name) !== undefined) return;
  // One broker can't keep more than one replica, whatever the configuration hopes for.
  const topic = { ...automaticTopic(name, config()), replicationFactor: 1 };
  const [result] = metadata.controller.createTopics([topic], { validateOnly: false });
  if (result?.error === undefined) return;
  logger.error(`Topic ${name} could not be created: ${result.error.message}`);
  throw new KafkaError("COORDINATOR_NOT_AVAILABLE", "The coordinator is not available.");
}
