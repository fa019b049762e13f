/**
 * Which topics a tool means: Kafka's tools take a regular expression, or several with commas between them.
 */
import { ToolFailure } from "../../tool/failure.ts";

const internalTopics = new Set(["__consumer_offsets", "__transaction_state", "__share_group_state"]);

/** Whether the brokers keep a topic for themselves. */
export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name);
}

/**
 * A test for names: the whole of a name has to match.
 *
 * @throws ToolFailure when it is no regular expression
 */
export function topicMatcher(text: string): (name: string) => boolean {
  const alternatives = text
    .trim()
    .replaceAll(",", "|")
    .replaceAll(" ", "")
    .replace(/^["']+/, "")
    .replace(/["']+$/, "");
  try {
    const pattern = new RegExp(`^(?:${alternatives})$`, "u");
    return (name) => pattern.test(name);
  } catch {
    throw new ToolFailure(`${text} is an invalid regex.`);
  }
}
