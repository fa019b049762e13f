/**
 * The lines that kafka-consumer-perf-test prints.
 */

const BYTES_PER_MEBIBYTE = 1024 * 1024;
const FIGURES =
  "data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec";

/** What was read in a span of time. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
  readonly records: number;
  readonly bytes: number;
  /** Of the span's time, what it took to be assigned partitions. */
  readonly rebalanceMs: number;
}

type DateFormat = (timeMs: number) => string;

export function headerLine(isDetailed: boolean): string {
  return `${isDetailed ? "time, threadId" : "start.time, end.time"}, ${FIGURES}`;
}

/** The line for the whole test. */
export function totalLine(span: Span, format: DateFormat): string {
  const { startMs, endMs, records, bytes, rebalanceMs } = span;
  const mebibytes = bytes / BYTES_PER_MEBIBYTE;
  const seconds = (endMs - startMs) / 1000;
  const fetchMs = endMs - startMs - rebalanceMs;
  return [
    format(startMs),
    format(endMs),
    mebibytes.toFixed(4),
    (mebibytes / seconds).toFixed(4),
    records,
    (records / seconds).toFixed(4),
    rebalanceMs,
    fetchMs,
    (mebibytes / (fetchMs / 1000)).toFixed(4),
    (records / (fetchMs / 1000)).toFixed(4),
  ].join(", ");
}

/** The line for a span within the test, of which `all` is what was read from the beginning on. */
export function detailLine(span: Span, all: Pick<Span, "records" | "bytes">, format: DateFormat): string {
  const { startMs, endMs, rebalanceMs } = span;
  const mebibytes = span.bytes / BYTES_PER_MEBIBYTE;
  const elapsedMs = endMs - startMs;
  const fetchMs = elapsedMs - rebalanceMs;
  const perFetchSecond = (value: number) => (fetchMs <= 0 ? 0 : (1000 * value) / fetchMs).toFixed(4);
  return [
    format(endMs),
    0,
    (all.bytes / BYTES_PER_MEBIBYTE).toFixed(4),
    ((1000 * mebibytes) / elapsedMs).toFixed(4),
    all.records,
    ((span.records / elapsedMs) * 1000).toFixed(4),
    rebalanceMs,
    fetchMs,
    perFetchSecond(mebibytes),
    perFetchSecond(span.records),
  ].join(", ");
}
