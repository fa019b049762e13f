/**
 * The configs of a topic as they are now.
 */
import { type LogConfig, logConfigFrom } from "../config/topic-config.ts";
import type { BrokerParts } from "./context.ts";

const TOPIC_RESOURCE = 2;

/** A topic's own configs over the broker's. Made anew at each call: not for what is done per record or request. */
export function topicConfig(name: string, { config, metadata }: BrokerParts): LogConfig {
  return logConfigFrom(config(), metadata.image.configs(TOPIC_RESOURCE, name));
}
