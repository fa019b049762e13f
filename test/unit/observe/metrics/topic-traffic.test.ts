/**
 * Counters by topic, and their sum.
 */
import { expect, test } from "bun:test";
import { TopicTraffic } from "../../../../src/observe/metrics/topic-traffic.ts";

test("the sum remembers topics that are gone, and what was asked of none", () => {
  const traffic = new TopicTraffic();
  traffic.of("a").messagesIn += 2;
  traffic.of("b").messagesIn += 3;
  traffic.others.messagesIn += 4;

  traffic.forget("a");
  traffic.forget("never there");

  expect([...traffic.byTopic()].map(([topic, { messagesIn }]) => [topic, messagesIn])).toEqual([["b", 3]]);
  expect(traffic.total().messagesIn).toBe(9);
});

test("a topic that comes again begins at 0", () => {
  const traffic = new TopicTraffic();
  traffic.of("a").bytesOut += 7;
  traffic.forget("a");

  expect(traffic.of("a").bytesOut).toBe(0);
  expect(traffic.total().bytesOut).toBe(7);
});
