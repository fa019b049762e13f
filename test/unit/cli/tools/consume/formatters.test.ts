import { describe, expect, test } from "bun:test";
import { ByteSink } from "../../../../../src/cli/tools/consume/byte-sink.ts";
import { formatterOf } from "../../../../../src/cli/tools/consume/formatter.ts";
import { jsonFormatter } from "../../../../../src/cli/tools/consume/json-formatter.ts";
import { AssignedPartition } from "../../../../../src/client/consumer/assigned-partition.ts";
import { Fetched } from "../../../../../src/client/consumer/fetched.ts";
import { encode } from "../../../../../src/protocol/codec.ts";
import * as coordinatorRecords from "../../../../../src/protocol/coordinator-records/index.ts";
import type { Definition, Encodable } from "../../../../../src/protocol/schema.ts";
import { ZERO_UUID } from "../../../../../src/protocol/uuid.ts";
import { buildBatch, type NewBatch, type NewRecord } from "../../../../../src/records/builder.ts";

const records: NewRecord[] = [
  {
    timestamp: 1000,
    key: Buffer.from("k"),
    value: Buffer.from("välue"),
    headers: [
      { key: "h1", value: Buffer.from("v1") },
      { key: "h2", value: null },
    ],
  },
  { timestamp: 1001, key: null, value: null },
];

type Properties = Readonly<Record<string, string>>;

function printed(
  formatter: string | typeof jsonFormatter,
  properties: Properties = {},
  of: readonly NewRecord[] = records,
  batch: Partial<NewBatch> = {},
): string {
  const chosen =
    typeof formatter === "string" ? formatterOf(formatter, new Map(Object.entries(properties))) : formatter;
  const bytes = buildBatch({ baseOffset: 5, partitionLeaderEpoch: 2, records: of, ...batch });
  const fetched = new Fetched(new AssignedPartition("t", ZERO_UUID, 3), bytes, [], 0, true);
  const sink = new ByteSink();
  for (const record of fetched.records()) chosen.write(record, sink);
  return String(sink.take());
}

const DEFAULT = "org.apache.kafka.tools.consumer.DefaultMessageFormatter";

describe("the default formatter", () => {
  test("prints values, a line each", () => {
    expect(printed(DEFAULT)).toBe("välue\nnull\n");
  });

  test("prints what it is asked for, in Kafka's order", () => {
    const all = "timestamp,partition,offset,delivery,epoch,headers,key,value".split(",");
    const properties = Object.fromEntries(all.map((name) => [`print.${name}`, "true"]));
    expect(printed(DEFAULT, properties)).toBe(
      "CreateTime:1000\tPartition:3\tOffset:5\tDelivery:NOT_PRESENT\tEpoch:2\th1:v1,h2:null\tk\tvälue\n" +
        "CreateTime:1001\tPartition:3\tOffset:6\tDelivery:NOT_PRESENT\tEpoch:2\tNO_HEADERS\tnull\tnull\n",
    );
  });

  test("ends a line without a value, too", () => {
    expect(printed(DEFAULT, { "print.value": "false", "print.key": "true" })).toBe("k\nnull\n");
  });

  test("tells the time of the append where the topic has it", () => {
    const stamped = printed(DEFAULT, { "print.timestamp": "true", "print.value": "false" }, records, {
      timestampType: "LogAppendTime",
    });
    expect(stamped).toBe("LogAppendTime:1001\nLogAppendTime:1001\n");
  });

  test("takes other separators and another word for null", () => {
    const properties = {
      "print.key": "true",
      "print.headers": "true",
      "key.separator": "|",
      "line.separator": ";",
      "headers.separator": "&",
      "null.literal": "-",
    };
    expect(printed(DEFAULT, properties)).toBe("h1:v1&h2:-|k|välue;NO_HEADERS|-|-;");
  });

  test("prints bytes as they are", () => {
    const sink = new ByteSink();
    sink.bytes(Buffer.from([0xff]));
    sink.text("€".repeat(40_000));
    expect(sink.length).toBe(120_001);
    expect(sink.take()[0]).toBe(0xff);
  });
});

describe("a deserializer", () => {
  const value = (name: string, bytes: Buffer | null, more: Properties = {}) =>
    printed(DEFAULT, { "value.deserializer": `org.apache.kafka.common.serialization.${name}`, ...more }, [
      { timestamp: 1, key: null, value: bytes },
    ]).trimEnd();
  const bytesOf = (write: (buffer: Buffer) => void, size: number) => {
    const buffer = Buffer.alloc(size);
    write(buffer);
    return buffer;
  };

  test.each([
    ["IntegerDeserializer", bytesOf((to) => to.writeInt32BE(-5), 4), "-5"],
    ["LongDeserializer", bytesOf((to) => to.writeBigInt64BE(2n ** 62n), 8), "4611686018427387904"],
    ["ShortDeserializer", bytesOf((to) => to.writeInt16BE(300), 2), "300"],
    ["DoubleDeserializer", bytesOf((to) => to.writeDoubleBE(1e10), 8), "1.0E10"],
    ["FloatDeserializer", bytesOf((to) => to.writeFloatBE(0.1), 4), "0.1"],
    ["BooleanDeserializer", Buffer.from([1]), "true"],
    ["StringDeserializer", Buffer.from("text"), "text"],
    ["ByteArrayDeserializer", Buffer.from("raw"), "raw"],
  ])("%s reads what it is for", (name, bytes, text) => {
    expect(value(name, bytes)).toBe(text);
  });

  test("reads text in the encoding that it is told", () => {
    const latin = { "value.deserializer.encoding": "ISO-8859-1" };
    expect(value("StringDeserializer", Buffer.from([0xe4]), latin)).toBe("ä");
  });

  test("doesn't read null", () => {
    expect(value("IntegerDeserializer", null)).toBe("null");
  });

  test("refuses bytes of another size", () => {
    expect(() => value("LongDeserializer", Buffer.from("abc"))).toThrow(
      "Size of data received by LongDeserializer is not 8",
    );
  });

  test("that is a class of somebody's own is refused", () => {
    expect(() => value("AvroDeserializer", null)).toThrow("classes of Java can't be loaded here");
  });
});

describe("a formatter of a coordinator's records", () => {
  const bytes = <D extends Definition>(
    version: number,
    definition: D,
    prefix: number,
    message: Encodable<D>,
  ) => {
    const body = encode(definition, version, message);
    const whole = Buffer.alloc(2 + body.length);
    whole.writeInt16BE(prefix, 0);
    body.copy(whole, 2);
    return whole;
  };
  const commitKey = bytes(0, coordinatorRecords.OffsetCommitKey, 1, { group: "g", topic: "t", partition: 4 });
  const commit = bytes(3, coordinatorRecords.OffsetCommitValue, 3, {
    offset: 9,
    metadata: "",
    commitTimestamp: 7,
  });
  const groupKey = bytes(0, coordinatorRecords.GroupMetadataKey, 2, { group: "g" });
  const of: NewRecord[] = [
    { timestamp: 1, key: commitKey, value: commit },
    { timestamp: 1, key: commitKey, value: null },
    { timestamp: 1, key: groupKey, value: null },
    { timestamp: 1, key: Buffer.from([0, 99]), value: null },
    { timestamp: 1, key: null, value: Buffer.from("stray") },
  ];

  test("prints committed offsets as JSON", () => {
    expect(printed("org.apache.kafka.tools.consumer.OffsetsMessageFormatter", {}, of)).toBe(
      '{"key":{"type":1,"data":{"group":"g","topic":"t","partition":4}},' +
        '"value":{"version":3,"data":{"offset":9,"leaderEpoch":-1,"metadata":"","commitTimestamp":7}}}\n' +
        '{"key":{"type":1,"data":{"group":"g","topic":"t","partition":4}},"value":null}\n',
    );
  });

  test("prints groups and nothing else, by the name that older releases had for it, too", () => {
    expect(
      printed("kafka.coordinator.group.GroupMetadataManager$GroupMetadataMessageFormatter", {}, of),
    ).toBe('{"key":{"type":2,"data":{"group":"g"}},"value":null}\n');
  });

  test("says at which offset a record is none of them", () => {
    const broken: NewRecord[] = [{ timestamp: 1, key: Buffer.from([0, 1, 5]), value: null }];
    expect(() => printed("OffsetsMessageFormatter", {}, broken)).toThrow(
      "Could not read record at offset 5 due to:",
    );
  });
});

test("NoOpMessageFormatter prints nothing, and an unknown class is refused", () => {
  expect(printed("org.apache.kafka.tools.consumer.NoOpMessageFormatter")).toBe("");
  expect(() => printed("org.example.Mine")).toThrow("classes of Java can't be loaded here");
});

describe("a record as JSON", () => {
  test("is an object on a line", () => {
    expect(printed(jsonFormatter)).toBe(
      '{"topic":"t","partition":3,"offset":5,"timestamp":1000,"timestampType":"CreateTime","leaderEpoch":2,' +
        '"headers":[{"key":"h1","value":"v1"},{"key":"h2","value":null}],"key":"k","value":"välue"}\n' +
        '{"topic":"t","partition":3,"offset":6,"timestamp":1001,"timestampType":"CreateTime","leaderEpoch":2,' +
        '"headers":[],"key":null,"value":null}\n',
    );
  });

  test("tells bytes that are no text in base64, under another name", () => {
    const of: NewRecord[] = [{ timestamp: 1, key: null, value: Buffer.from([0xff, 0x00]) }];
    expect(JSON.parse(printed(jsonFormatter, {}, of))).toMatchObject({ key: null, valueBase64: "/wA=" });
  });
});
