import { describe, expect, test } from "bun:test";
import { decode, encode } from "../../../src/protocol/codec.ts";
import { MalformedError } from "../../../src/protocol/malformed.ts";
import { FetchRequest, FetchResponse } from "../../../src/protocol/messages/fetch.ts";
import { MetadataRequest } from "../../../src/protocol/messages/metadata.ts";
import { OffsetCommitRequest } from "../../../src/protocol/messages/offset-commit.ts";
import { ProduceRequest } from "../../../src/protocol/messages/produce.ts";
import { TopicRecord } from "../../../src/protocol/metadata-records/topic-record.ts";
import { ZERO_UUID } from "../../../src/protocol/uuid.ts";
import { complaint, definitions, readVectors } from "../../vectors/round-trip.ts";

const vectors = await readVectors(`${import.meta.dir}/../../fixtures/protocol/vectors.jsonl.gz`);

describe("the vectors", () => {
  test("read as their values and are written as their bytes", () => {
    expect(vectors.map(complaint).filter((line) => line !== undefined)).toEqual([]);
    expect(vectors.length).toBe(2205);
  });

  test("know every message that is declared, and every version of it", () => {
    const seen = new Set(vectors.map(({ name, version }) => `${name} v${version}`));
    const declared = [...definitions].flatMap(([name, { versions }]) =>
      Array.from(
        { length: versions.max - versions.min + 1 },
        (_, index) => `${name} v${versions.min + index}`,
      ),
    );
    expect(declared.filter((message) => !seen.has(message))).toEqual([]);
  });

  test("cut short anywhere are refused as malformed", () => {
    for (const vector of vectors.filter(({ hex }) => hex.length < 2000)) {
      const definition = definitions.get(vector.name);
      if (definition === undefined) throw new Error(vector.name);
      const bytes = Buffer.from(vector.hex, "hex");
      for (let end = 0; end < bytes.length; end++) {
        expect(() => decode(definition, vector.version, bytes, 0, end)).toThrow(MalformedError);
      }
    }
  });

  test("with any byte changed are read or refused as malformed, and nothing else happens", () => {
    const values = [0x00, 0x01, 0x7f, 0x80, 0xff];
    for (const vector of vectors.filter(({ hex, variant }) => hex.length < 1200 && variant === "populated")) {
      const definition = definitions.get(vector.name);
      if (definition === undefined) throw new Error(vector.name);
      const bytes = Buffer.from(vector.hex, "hex");
      for (let at = 0; at < bytes.length; at++) {
        const before = bytes.readUInt8(at);
        bytes.writeUInt8(values[at % values.length] ?? 0, at);
        try {
          decode(definition, vector.version, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
        bytes.writeUInt8(before, at);
      }
    }
  });
});

describe("a reader", () => {
  const metadataV0 = (hex: string) => decode(MetadataRequest, 0, Buffer.from(hex, "hex"));

  test("refuses an array longer than the bytes that are left, before it makes room for it", () => {
    expect(() => metadataV0("7fffffff")).toThrow(
      "an array claims 2147483647 elements where 0 bytes are left",
    );
  });

  test("refuses a negative length where null is not allowed", () => {
    expect(() => metadataV0("fffffffe")).toThrow(MalformedError);
    expect(() => metadataV0("ffffffff")).toThrow(MalformedError);
    expect(() => metadataV0("00000001ffff")).toThrow(MalformedError);
  });

  test("refuses more elements than any honest request has", () => {
    const bytes = Buffer.alloc(4 + 2 * 1_000_001);
    bytes.writeInt32BE(1_000_001);
    expect(() => decode(MetadataRequest, 0, bytes)).toThrow("more than 1000000 array elements");
  });

  test("refuses a string that is not UTF-8", () => {
    expect(() => metadataV0("000000010002c328")).toThrow("a string is not UTF-8");
  });

  test("refuses bytes behind the end", () => {
    expect(() => metadataV0("0000000000")).toThrow("is followed by 1 bytes");
  });

  test("refuses a varint that is too long", () => {
    expect(() => decode(MetadataRequest, 9, Buffer.from("ffffffff1f00", "hex"))).toThrow(MalformedError);
  });

  test("skips tagged fields of a request that nobody knows", () => {
    const bytes = encode(MetadataRequest, 9, { topics: [], allowAutoTopicCreation: true });
    const tagged = Buffer.concat([bytes.subarray(0, -1), Buffer.from("0163020102", "hex")]);
    expect(decode(MetadataRequest, 9, tagged).topics).toEqual([]);
  });

  test("refuses a tagged field whose size is not what it takes", () => {
    const request = encode(FetchRequest, 12, {
      maxWaitMs: 0,
      minBytes: 0,
      isolationLevel: 0,
      topics: [],
      forgottenTopicsData: [],
    });
    const clusterIdOfOneByteInThree = "010003026100";
    const tagged = Buffer.concat([request.subarray(0, -1), Buffer.from(clusterIdOfOneByteInThree, "hex")]);
    expect(() => decode(FetchRequest, 12, tagged)).toThrow("tagged field 0 takes 2 bytes, not 3");
  });

  test("hands out bytes as views of the frame", () => {
    const bytes = encode(ProduceRequest, 9, {
      acks: 1,
      timeoutMs: 0,
      topicData: [{ name: "t", partitionData: [{ index: 0, records: Buffer.from("abc") }] }],
    });
    const records = decode(ProduceRequest, 9, bytes).topicData[0]?.partitionData[0]?.records;
    bytes.write("xyz", bytes.indexOf("abc"));
    expect(records?.toString()).toBe("xyz");
  });

  test("keeps tagged fields of a log record that nobody knows, and writes them again", () => {
    const known = encode(TopicRecord, 0, { name: "t", topicId: ZERO_UUID });
    const bytes = Buffer.concat([known.subarray(0, -1), Buffer.from("010702abcd", "hex")]);
    const value = decode(TopicRecord, 0, bytes);
    expect(encode(TopicRecord, 0, value).toString("hex")).toBe(bytes.toString("hex"));
  });
});

describe("64-bit integers", () => {
  const committed = (committedOffset: bigint | number) =>
    decode(
      OffsetCommitRequest,
      2,
      encode(OffsetCommitRequest, 2, {
        groupId: "g",
        memberId: "",
        topics: [{ name: "t", partitions: [{ partitionIndex: 0, committedOffset }] }],
      }),
    ).topics[0]?.partitions[0]?.committedOffset;

  test("come back as they were sent, up to the last bit", () => {
    for (const value of [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, -(2n ** 32n) - 1n]) {
      expect(committed(value)).toBe(value);
    }
  });

  test("may be written from numbers, negative ones included", () => {
    for (const value of [0, 1, -1, 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      expect(committed(value)).toBe(BigInt(value));
    }
  });

  test("are refused from numbers that may have been rounded", () => {
    expect(() => committed(2 ** 53)).toThrow(RangeError);
    expect(() => committed(0.5)).toThrow(RangeError);
  });
});

describe("a writer", () => {
  test("asks record bytes that lie in a file to be copied into place", () => {
    const records = {
      sizeInBytes: 3,
      filePosition: 0,
      copyInto: (target: Uint8Array, offset: number) => target.set(Buffer.from("abc"), offset),
    };
    const written = encode(FetchResponse, 12, {
      throttleTimeMs: 0,
      responses: [
        {
          topic: "t",
          partitions: [
            { partitionIndex: 0, errorCode: 0, highWatermark: 1, abortedTransactions: null, records },
          ],
        },
      ],
    });
    expect(decode(FetchResponse, 12, written).responses[0]?.partitions[0]?.records?.toString()).toBe("abc");
  });

  test("refuses a string that an int16 can't measure", () => {
    expect(() => encode(MetadataRequest, 1, { topics: [{ name: "x".repeat(0x8000) }] })).toThrow(RangeError);
  });

  test("refuses a version that the message doesn't have", () => {
    expect(() => encode(MetadataRequest, 99, { topics: null })).toThrow("MetadataRequest has no version 99");
  });
});
