/**
 * Requests by API as families.
 */
import { expect, test } from "bun:test";
import { requestFamilies } from "../../../../src/broker/metrics/requests.ts";
import type { Labels } from "../../../../src/observe/metrics/exposition.ts";
import { RequestMetrics } from "../../../../src/observe/metrics/request-counters.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";

/** Two requests of an API; one took 2 ms and went well, the other took 4 ms. */
function asked(name: string): RequestMetrics {
  const requests = new RequestMetrics();
  const counters = requests.of(1, name);
  for (const durationMs of [2, 4]) {
    counters.handled(3, 100, 10, 11);
    counters.answered(10, 10 + durationMs);
  }
  counters.responseBytes += 50;
  counters.countError(ErrorCode.NONE);
  counters.countError(ErrorCode.NOT_COORDINATOR);
  return requests;
}

function samples(requests: RequestMetrics, name: string): [Labels, number, string?][] {
  const found = requestFamilies(requests, 20).find(
    (one) => one.name === `kafka_network_requestmetrics_${name}`,
  );
  return (found?.samples ?? []).map(({ labels, value, suffix }) =>
    suffix === undefined ? [labels, value] : [labels, value, suffix],
  );
}

test("requests have their version, and error codes their names", () => {
  const requests = asked("Heartbeat");
  const request = "Heartbeat";

  expect(samples(requests, "requests_total")).toEqual([[{ request, version: 3 }, 2]]);
  expect(samples(requests, "errors_total")).toEqual([
    [{ request, error: "NONE" }, 1],
    [{ request, error: "NOT_COORDINATOR" }, 1],
  ]);
  expect(samples(requests, "requestbytes")).toEqual([
    [{ request }, 200, "_sum"],
    [{ request }, 2, "_count"],
  ]);
});

test("times are in milliseconds", () => {
  const found = samples(asked("Heartbeat"), "totaltimems");
  const quantiles = found.filter(([labels]) => "quantile" in labels).map(([{ quantile }]) => quantile);
  const [median = Number.NaN] = found.filter(([{ quantile }]) => quantile === 0.5).map(([, value]) => value);

  expect(quantiles).toEqual([0.5, 0.75, 0.95, 0.98, 0.99, 0.999]);
  expect(median).toBeGreaterThan(1.8);
  expect(median).toBeLessThanOrEqual(2);
  expect(found.slice(-2)).toEqual([
    [{ request: "Heartbeat" }, 6, "_sum"],
    [{ request: "Heartbeat" }, 2, "_count"],
  ]);
});

test("a fetch is also one of a consumer, as all are", () => {
  expect(samples(asked("Fetch"), "requests_total").map(([{ request }]) => request)).toEqual([
    "Fetch",
    "FetchConsumer",
  ]);
});
