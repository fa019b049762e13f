import { expect, test } from "bun:test";
import { loadServerConfig } from "../../../src/config/load.ts";
import { consumerGroupConfig } from "../../../src/group/group-config.ts";

const { config } = loadServerConfig({
  overrides: [
    "group.consumer.session.timeout.ms=50000",
    "group.consumer.max.session.timeout.ms=55000",
    "group.consumer.min.heartbeat.interval.ms=2000",
    "group.consumer.heartbeat.interval.ms=3000",
  ],
});

test("A group without configs of its own has the broker's", () => {
  expect(consumerGroupConfig(config, new Map())).toEqual({
    sessionTimeoutMs: 50_000,
    heartbeatIntervalMs: 3_000,
    assignmentIntervalMs: 1_000,
  });
});

test("A group's own configs count, within what the broker allows today", () => {
  const own = new Map([
    ["consumer.session.timeout.ms", "60000"],
    ["consumer.heartbeat.interval.ms", "1000"],
    ["consumer.assignment.interval.ms", "0"],
  ]);
  expect(consumerGroupConfig(config, own)).toEqual({
    sessionTimeoutMs: 55_000,
    heartbeatIntervalMs: 2_000,
    assignmentIntervalMs: 0,
  });
});
