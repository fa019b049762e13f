/**
 * Requests by API: Kafka's RequestMetrics. Fetch comes twice, as there: under its own name, and as FetchConsumer, since
 * consumers are all who fetch.
 */
import type { Distribution } from "../../observe/metrics/distribution.ts";
import type { Family, Labels, Sample } from "../../observe/metrics/exposition.ts";
import type { RequestCounters, RequestMetrics } from "../../observe/metrics/request-counters.ts";
import { ErrorCode, errorName } from "../../protocol/errors.ts";
import { Bean, sample } from "./jmx-names.ts";

const bean = new Bean("kafka.network", "RequestMetrics");

const quantiles = [0.5, 0.75, 0.95, 0.98, 0.99, 0.999];
const MICROSECONDS = 1000;

/**
 * The families of RequestMetrics.
 *
 * @param nowMs of the clock with which requests are timed
 */
export function requestFamilies(requests: RequestMetrics, nowMs: number): Family[] {
  const all = requests
    .all()
    .flatMap((counters) => namesOf(counters).map((name) => [name, counters] as const));
  const each = (samples: (counters: RequestCounters, labels: Labels) => Sample[]) =>
    all.flatMap(([request, counters]) => samples(counters, { request }));
  return [
    bean.values(
      "RequestsPerSec",
      "Requests, by API and version.",
      each(({ byVersion }, labels) =>
        byVersion.flatMap((count, version) => [sample(count, { ...labels, version })]),
      ),
    ),
    bean.values(
      "ErrorsPerSec",
      "Error codes in answers, those of their parts included; NONE stands for success.",
      each(({ successes, errors }, labels) =>
        [[ErrorCode.NONE, successes] as const, ...errors].map(([code, count]) =>
          sample(count, { ...labels, error: errorName(code) }),
        ),
      ),
    ),
    bean.summary(
      "TotalTimeMs",
      "Milliseconds from the whole request until its answer, waiting included.",
      each(({ totalTime }, labels) => summarized(totalTime, labels, nowMs)),
    ),
    bean.summary(
      "LocalTimeMs",
      "Milliseconds for which a request kept the event loop busy.",
      each(({ localTime }, labels) => summarized(localTime, labels, nowMs)),
    ),
    bean.summary(
      "RequestBytes",
      "Bytes of requests.",
      each((counters, labels) => sums(counters.requestBytes, counters.localTime.count, labels)),
    ),
    bean.summary(
      "ResponseBytes",
      "Bytes of answers.",
      each((counters, labels) => sums(counters.responseBytes, counters.totalTime.count, labels)),
    ),
  ];
}

function namesOf({ name }: RequestCounters): string[] {
  return name === "Fetch" ? [name, "FetchConsumer"] : [name];
}

function summarized(time: Distribution, labels: Labels, nowMs: number): Sample[] {
  const values = time.quantiles(quantiles, nowMs);
  return [
    ...quantiles.map((quantile, index) =>
      sample((values[index] ?? Number.NaN) / MICROSECONDS, { ...labels, quantile }),
    ),
    ...sums(time.sum / MICROSECONDS, time.count, labels),
  ];
}

function sums(sum: number, count: number, labels: Labels): Sample[] {
  return [
    { suffix: "_sum", labels, value: sum },
    { suffix: "_count", labels, value: count },
  ];
}
