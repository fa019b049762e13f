/** Topics whose `compression.type` is their own: what is stored, and what a consumer gets. */
import { afterEach, expect, test } from "bun:test";
import type { LogConfig } from "../../../src/config/topic-config.ts";
import type { PartitionLog } from "../../../src/log/partition-log.ts";
import * as header from "../../../src/records/batch-header.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import { batchOf, client, consume, TestClock, temporaryLogs } from "./support.ts";

const NOW = 1_700_000_000_000;
const { openLog, removeLogs } = temporaryLogs();
afterEach(removeLogs);

function open(configOverrides: Partial<LogConfig>): PartitionLog {
  return openLog({ clock: new TestClock(NOW), configOverrides }).log;
}

const sources = Object.entries(CompressionType);
const targets = [...sources.slice(1), ["uncompressed", 0], ["producer", null]] as const;

for (const [target, stored] of targets) {
  for (const messageTimestampType of ["CreateTime", "LogAppendTime"] as const) {
    test(`${target} with ${messageTimestampType} keeps every record, whatever a producer compresses with`, () => {
      const log = open({ compressionType: target as LogConfig["compressionType"], messageTimestampType });
      const producer = { producerId: 3n, producerEpoch: 0 };
      for (const [index, [, compression]] of sources.entries()) {
        const sent = batchOf(20, {
          compression,
          timestamp: NOW - 1000,
          ...producer,
          baseSequence: 20 * index,
        });
        const { firstOffset, logAppendTimeMs } = log.append(sent, client);
        expect(firstOffset).toBe(20 * index);
        expect(logAppendTimeMs).toBe(messageTimestampType === "LogAppendTime" ? NOW : -1);
      }
      const batches = [...log.readBatches()].map(({ buffer, at }) => {
        expect(batchCrcIsValid(buffer, at)).toBe(true);
        const attributes = header.attributes(buffer, at);
        expect(header.timestampType(attributes)).toBe(messageTimestampType);
        return [
          header.compressionType(attributes),
          header.baseSequence(buffer, at),
          header.recordCount(buffer, at),
        ];
      });
      expect(batches).toEqual(
        sources.map(([, compression], index) => [stored ?? compression, 20 * index, 20]),
      );
      const records = consume(log);
      expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, offset) => offset));
      for (const { offset, key, value, timestamp } of records) {
        const index = offset % 20;
        expect(key?.toString()).toBe(`key-${index}`);
        expect(value).toEqual(Buffer.alloc(10, index));
        expect(timestamp).toBe(messageTimestampType === "LogAppendTime" ? NOW : NOW - 1000 + index);
      }
    });
  }
}

/** Text that repeats itself at a distance, which a deeper search finds out. */
function text(): Buffer {
  let state = 1;
  const words = Array.from({ length: 400 }, () => {
    state = (state * 48271) % 2147483647;
    return state.toString(36);
  });
  return Buffer.from(Array.from({ length: 4000 }, (_, index) => words[(index * index) % 400]).join(" "));
}

for (const [compressionType, field, low, high] of [
  ["gzip", "compressionGzipLevel", 1, 9],
  ["lz4", "compressionLz4Level", 9, 12],
  ["zstd", "compressionZstdLevel", -50, 19],
] as const) {
  test(`${compressionType} is as thorough as its level says`, () => {
    const sizes = [low, high].map((level) => {
      const log = open({ compressionType, [field]: level });
      log.append(batchOf(1, { records: [{ timestamp: NOW, key: null, value: text() }] }), client);
      expect(consume(log)[0]?.value?.equals(text())).toBe(true);
      return log.sizeInBytes;
    });
    expect(sizes[1]).toBeLessThan(sizes[0] ?? 0);
  });
}
