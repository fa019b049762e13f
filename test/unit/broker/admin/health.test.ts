/**
 * When a broker is ready.
 */
import { expect, test } from "bun:test";
import { healthOf } from "../../../../src/broker/admin/health.ts";
import type { WatchedBroker } from "../../../../src/broker/admin/watched-broker.ts";

/** A broker with log directories that are online, or have failed for a reason. */
function broker(...reasons: (string | null)[]): WatchedBroker {
  const directories = reasons.map((reason, index) => ({
    path: `/data${index}`,
    health: { isOnline: reason === null, reason },
  }));
  return {
    logs: { directories },
    listeners: [{ name: "PLAINTEXT", hostname: "0.0.0.0", port: 9092 }],
    parts: { metadata: { image: { clusterId: "c", topicNames: () => ["a", "b"] } } },
  } as unknown as WatchedBroker;
}

test("a broker that runs on log directories that work is ready", () => {
  expect(healthOf("running", broker(null))).toEqual({
    status: "ready",
    state: "running",
    reasons: [],
    warnings: [],
    listeners: { PLAINTEXT: "0.0.0.0:9092" },
    logDirectories: { "/data0": "online" },
    clusterId: "c",
    topics: 2,
  });
});

test("with one of its log directories a broker is still ready, and warns", () => {
  expect(healthOf("running", broker("disk full", null))).toMatchObject({
    status: "ready",
    reasons: [],
    warnings: ["Log directory /data0 is offline: disk full"],
    logDirectories: { "/data0": "offline: disk full", "/data1": "online" },
  });
});

test("without a log directory that works it isn't", () => {
  expect(healthOf("running", broker("disk full"))).toMatchObject({
    status: "not ready",
    reasons: ["Log directory /data0 is offline: disk full"],
  });
});

test("a broker that stops isn't ready any more", () => {
  expect(healthOf("stopping", broker(null))).toMatchObject({
    status: "not ready",
    reasons: ["The broker is stopping."],
  });
});
