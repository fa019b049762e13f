/** What a partition refuses to append, and by which error. */
import { describe, expect, test } from "bun:test";
import type { LogConfig } from "../../../src/config/topic-config.ts";
import { checkRecords } from "../../../src/log/record-checks.ts";
import { prepareBatches } from "../../../src/log/stamp.ts";
import { checkBatches, InvalidRecordError } from "../../../src/log/validator.ts";
import { KafkaError } from "../../../src/protocol/errors.ts";
import * as header from "../../../src/records/batch-header.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { crc32c } from "../../../src/records/crc32c.ts";
import { readRecords } from "../../../src/records/record.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import { batchOf, defaultConfig, marker, producedBy } from "./support.ts";

const NOW = 1_700_000_000_000;

function errorOf(run: () => unknown): KafkaError {
  try {
    run();
  } catch (error) {
    if (error instanceof KafkaError) return error;
    throw error;
  }
  throw new Error("Nothing was thrown");
}

const refused = (
  records: Buffer,
  origin: "client" | "coordinator" | "replication" = "client",
  config = defaultConfig,
) => errorOf(() => checkBatches(records, "a-0", config, origin)).errorName;

/** A batch with some bytes changed and its CRC made right again. */
function forged(change: (batch: Buffer) => void, batch = batchOf(3)): Buffer {
  change(batch);
  header.setCrc(batch, 0, crc32c(batch, header.CRC_START));
  return batch;
}

describe("the header of a client's batch", () => {
  test("that is right is taken, whatever its compression", () => {
    for (const compression of [0, 1, 2, 3, 4] as const) {
      const batch = batchOf(3, { compression });
      expect(checkBatches(batch, "a-0", defaultConfig, "client")).toBe(batch.length);
    }
  });

  test("that is not there whole is no batch", () => {
    expect(refused(Buffer.alloc(0))).toBe("INVALID_RECORD");
    expect(refused(batchOf(1).subarray(0, 16))).toBe("INVALID_RECORD");
    expect(refused(batchOf(1).subarray(0, -1))).toBe("INVALID_RECORD");
  });

  test("with a length that can't be is corrupt", () => {
    for (const length of [-1, 0, 13, -2147483648]) {
      expect([length, refused(forged((batch) => batch.writeInt32BE(length, 8)))]).toEqual([
        length,
        "CORRUPT_MESSAGE",
      ]);
    }
    expect(refused(forged((batch) => batch.writeInt32BE(40, 8)))).toBe("CORRUPT_MESSAGE");
  });

  test("of an old format is not supported, of an unknown one corrupt", () => {
    expect(refused(forged((batch) => batch.writeInt8(0, 16)))).toBe("UNSUPPORTED_FOR_MESSAGE_FORMAT");
    expect(refused(forged((batch) => batch.writeInt8(1, 16)))).toBe("UNSUPPORTED_FOR_MESSAGE_FORMAT");
    expect(refused(forged((batch) => batch.writeInt8(3, 16)))).toBe("CORRUPT_MESSAGE");
    expect(refused(forged((batch) => batch.writeInt8(-1, 16)))).toBe("CORRUPT_MESSAGE");
  });

  test("with any byte changed behind the CRC is corrupt", () => {
    const batch = batchOf(3);
    for (let at = 17; at < batch.length; at++) {
      const damaged = Buffer.from(batch);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      expect([at, refused(damaged)]).toEqual([at, "CORRUPT_MESSAGE"]);
    }
  });

  test("has base offset 0", () => {
    expect(refused(batchOf(1, { baseOffset: 5 }))).toBe("INVALID_RECORD");
  });

  test("has as many records as offsets", () => {
    expect(refused(forged((batch) => batch.writeInt32BE(3, 23)))).toBe("INVALID_RECORD");
    expect(refused(forged((batch) => batch.writeInt32BE(-1, 23)))).toBe("INVALID_RECORD");
    expect(refused(forged((batch) => batch.writeInt32BE(2, 57)))).toBe("INVALID_RECORD");
    expect(refused(forged((batch) => batch.writeInt32BE(0, 57)))).toBe("INVALID_RECORD");
    expect(refused(forged((batch) => batch.writeInt32BE(-3, 57)))).toBe("INVALID_RECORD");
  });

  test("marks no control batch", () => {
    expect(refused(marker(1n, "commit"))).toBe("INVALID_RECORD");
  });

  test("has a compression that there is", () => {
    expect(refused(forged((batch) => batch.writeInt16BE(5, 21)))).toBe("INVALID_RECORD");
  });

  test("has a sequence and an epoch if it has a producer, and a producer if it is transactional", () => {
    expect(refused(producedBy(1n, -1))).toBe("INVALID_RECORD");
    expect(refused(producedBy(1n, 0, { producerEpoch: -1 }))).toBe("INVALID_RECORD");
    expect(refused(batchOf(1, { transactional: true }))).toBe("INVALID_RECORD");
    expect(checkBatches(producedBy(0n, 0), "a-0", defaultConfig, "client")).toBeGreaterThan(0);
  });

  test("holds an offset that can be held", () => {
    const forger = (batch: Buffer) => batch.writeBigInt64BE(2n ** 60n, 0);
    expect(refused(forged(forger), "replication")).toBe("CORRUPT_MESSAGE");
  });

  test("says a size within max.message.bytes", () => {
    const batch = batchOf(3);
    const config = { ...defaultConfig, maxMessageBytes: batch.length - 1 };
    expect(refused(batch, "client", config)).toBe("MESSAGE_TOO_LARGE");
    expect(refused(batch, "coordinator", config)).toBe("MESSAGE_TOO_LARGE");
    expect(checkBatches(batch, "a-0", config, "replication")).toBe(batch.length);
  });
});

test("a client may send one batch only, others several", () => {
  const two = Buffer.concat([batchOf(1), batchOf(1)]);
  expect(refused(two)).toBe("INVALID_RECORD");
  expect(checkBatches(two, "a-0", defaultConfig, "coordinator")).toBe(two.length);
});

test("a last batch that is cut short is left out", () => {
  const batch = batchOf(2);
  const cut = Buffer.concat([batch, batchOf(1).subarray(0, 30)]);
  expect(checkBatches(cut, "a-0", defaultConfig, "client")).toBe(batch.length);
});

describe("the records of a client's batch", () => {
  const check = (batch: Buffer, config: Partial<LogConfig> = {}) =>
    checkRecords(batch, 0, "a-0", { ...defaultConfig, ...config }, NOW);
  const errorsOf = (batch: Buffer, config: Partial<LogConfig> = {}) => {
    const error = errorOf(() => check(batch, config));
    return { name: error.errorName, records: error instanceof InvalidRecordError ? error.recordErrors : [] };
  };

  test("are as many as it says", () => {
    for (const [count, delta] of [
      [4, 3],
      [2, 1],
    ] as const) {
      const batch = forged((bytes) => {
        bytes.writeInt32BE(delta, 23);
        bytes.writeInt32BE(count, 57);
      });
      expect(errorsOf(batch).name).toBe("INVALID_RECORD");
    }
    const garbage = forged((bytes) => bytes.fill(0xff, header.HEADER_SIZE));
    expect(errorsOf(garbage).name).toBe("INVALID_RECORD");
  });

  test("have keys in a compacted topic, and the ones without are named", () => {
    const records = [null, Buffer.from("k"), null].map((key) => ({
      timestamp: NOW,
      key,
      value: Buffer.from("v"),
    }));
    for (const compression of [0, 2] as const) {
      const batch = buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, compression, records });
      expect(() => check(batch)).not.toThrow();
      const { name, records: errors } = errorsOf(batch, { cleanupPolicy: new Set(["compact"] as const) });
      expect([name, errors.map(({ batchIndex }) => batchIndex)]).toEqual(["INVALID_RECORD", [0, 2]]);
    }
  });

  test("have timestamps that are not too far ahead or behind", () => {
    const at = (timestamp: number) => batchOf(2, { timestamp });
    expect(() => check(at(NOW + 3_600_000 - 1))).not.toThrow();
    const ahead = errorsOf(at(NOW + 3_600_000));
    expect([ahead.name, ahead.records.map(({ batchIndex }) => batchIndex)]).toEqual([
      "INVALID_TIMESTAMP",
      [1],
    ]);
    expect(() => check(at(0))).not.toThrow();
    const bounded = { messageTimestampBeforeMaxMs: 1000 };
    expect(() => check(at(NOW - 1000), bounded)).not.toThrow();
    expect(errorsOf(at(NOW - 1001), bounded)).toMatchObject({
      name: "INVALID_TIMESTAMP",
      records: [{ batchIndex: 0 }],
    });
  });

  test("are refused with timestamps in nanoseconds, unless the topic's bounds allow them", () => {
    const nanoseconds = forged((batch) => {
      batch.writeBigInt64BE(BigInt(NOW) * 1_000_000n, 27);
      batch.writeBigInt64BE(BigInt(NOW) * 1_000_000n, 35);
    }, batchOf(2));
    expect(checkBatches(nanoseconds, "a-0", defaultConfig, "client")).toBe(nanoseconds.length);
    expect(errorsOf(nanoseconds)).toMatchObject({
      name: "INVALID_TIMESTAMP",
      records: [{ batchIndex: 0 }, { batchIndex: 1 }],
    });
    expect(() => check(nanoseconds, { messageTimestampAfterMaxMs: Number.MAX_SAFE_INTEGER })).not.toThrow();
  });

  test("come with a largest timestamp that is within the bounds, too", () => {
    const late = forged((batch) => batch.writeBigInt64BE(2n ** 62n, 35), batchOf(2));
    expect(errorsOf(late)).toEqual({ name: "INVALID_TIMESTAMP", records: [] });
    expect(() => check(late, { messageTimestampType: "LogAppendTime" })).not.toThrow();
  });

  test("may be without timestamps", () => {
    const records = [{ timestamp: -1, key: null, value: null }];
    const batch = buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, records });
    expect(() => check(batch, { messageTimestampBeforeMaxMs: 1000 })).not.toThrow();
  });

  test("have no times of the append where the broker sets these", () => {
    const byAppendTime = { messageTimestampType: "LogAppendTime" } as const;
    expect(errorsOf(batchOf(1, { timestampType: "LogAppendTime" }), byAppendTime).name).toBe(
      "INVALID_TIMESTAMP",
    );
    expect(() => check(batchOf(1, { timestamp: NOW + 1e9 }), byAppendTime)).not.toThrow();
  });

  test("may not decompress to more than max.decompressed.message.bytes", () => {
    const batch = batchOf(1, { valueSize: 100_000, compression: 4 });
    const config = { cleanupPolicy: new Set(["compact"] as const), maxDecompressedMessageBytes: 50_000 };
    expect(() => check(batch, config)).toThrow(KafkaError);
  });
});

describe("a batch that is about to be appended", () => {
  const prepare = (batch: Buffer, config: Partial<LogConfig>) =>
    prepareBatches(batch, { ...defaultConfig, ...config }, "a-0", NOW);

  test("is left as it is where the topic wants nothing else", () => {
    const batch = batchOf(3, { compression: 2 });
    const before = Buffer.from(batch);
    expect(prepare(batch, {})).toBe(batch);
    expect(batch.equals(before)).toBe(true);
    expect(prepare(batch, { compressionType: "snappy" })).toBe(batch);
  });

  test("gets the time of the append where the topic has LogAppendTime", () => {
    const batch = prepare(batchOf(3, { compression: 3 }), { messageTimestampType: "LogAppendTime" });
    expect(batchCrcIsValid(batch, 0)).toBe(true);
    expect([...readRecords(batch, 0)].map(({ timestamp }) => timestamp)).toEqual([NOW, NOW, NOW]);
  });

  test("gets the records' own times back where the topic has CreateTime", () => {
    const batch = prepare(batchOf(1, { timestampType: "LogAppendTime" }), {});
    expect(header.timestampType(header.attributes(batch, 0))).toBe("CreateTime");
    expect(batchCrcIsValid(batch, 0)).toBe(true);
  });

  test("is compressed as the topic wants it, records and producer unchanged", () => {
    for (const [compressionType, id] of [
      ["gzip", 1],
      ["snappy", 2],
      ["lz4", 3],
      ["zstd", 4],
      ["uncompressed", 0],
    ] as const) {
      const source = batchOf(3, {
        compression: id === 1 ? 2 : 1,
        producerId: 9n,
        producerEpoch: 1,
        baseSequence: 5,
      });
      const batch = prepare(Buffer.from(source), { compressionType });
      expect(header.compressionType(header.attributes(batch, 0))).toBe(id);
      expect(batchCrcIsValid(batch, 0)).toBe(true);
      expect([...readRecords(batch, 0)]).toEqual([...readRecords(source, 0)]);
      expect([header.producerId(batch, 0), header.baseSequence(batch, 0)]).toEqual([9n, 5]);
    }
  });

  test("is refused when it is too large in the topic's compression", () => {
    const batch = batchOf(1, { valueSize: 10_000, compression: 4 });
    const config = { compressionType: "uncompressed", maxMessageBytes: 5000 } as const;
    expect(errorOf(() => prepare(batch, config)).errorName).toBe("MESSAGE_TOO_LARGE");
  });

  test("is not compressed when it is a broker's own mark", () => {
    const batch = marker(1n, "commit");
    expect(prepare(batch, { compressionType: "gzip" })).toBe(batch);
  });
});
