/**
 * Regular expressions for topic names, as Kafka takes them in SubscribedTopicRegex (RE2/J): they match whole names, and
 * none of them takes for ever.
 */
import { Matcher } from "./matcher.ts";
import { parse } from "./parser.ts";
import { compile } from "./program.ts";

/** @throws RegexSyntaxError */
export function topicRegex(text: string): Matcher {
  return new Matcher(compile(parse(text)));
}
