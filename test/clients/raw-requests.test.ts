import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BrokerProcess,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import {
  bytesOf,
  handMadeBatch,
  int16,
  int32,
  int64,
  slowCrc32c,
  unsignedVarint,
} from "../support/hand-made-bytes.ts";
import { type HandMadeTopic, makeDirectory } from "../support/hand-made-directory.ts";
import { RawClient } from "../support/raw-client.ts";

const ids = {
  empty: "00000000000040008000000000000011",
  one: "00000000000040008000000000000022",
  several: "00000000000040008000000000000033",
};
const topics: HandMadeTopic[] = [
  { name: "several", id: ids.several, partitions: [["first", "second", "third"], [], ["alone"]] },
  { name: "empty", id: ids.empty, partitions: [[]] },
  { name: "one", id: ids.one, partitions: [["Hello World!"], []] },
];

const running: BrokerProcess[] = [];
afterAll(async () => {
  for (const broker of running) await broker.stop();
  removeTemporaryFolders();
});

/** A broker on a hand-made directory, and a client of it. */
async function setUp() {
  const logDirectory = join(temporaryFolder(), "kraft-combined-logs");
  const batches = makeDirectory(logDirectory, topics);
  const broker = await startBroker({ logDirectory });
  running.push(broker);
  const client = await RawClient.connect(broker.port);
  return { broker, client, batches, logDirectory };
}

const compact = (text: string) => bytesOf(unsignedVarint(text.length + 1), Buffer.from(text));
const array = (...items: Uint8Array[]) => bytesOf(unsignedVarint(items.length + 1), ...items);
/** A flexible request header (v2) and the body behind it. */
const request = (key: number, version: number, correlationId: number, body: Uint8Array) =>
  bytesOf(int16(key), int16(version), int32(correlationId), int16(5), Buffer.from("kafka"), "00", body);

async function exchange(client: RawClient, frame: Uint8Array): Promise<string> {
  client.sendFrame(frame);
  return (await client.frame()).toString("hex");
}

describe("ApiVersions v4", () => {
  const body = bytesOf(compact("kafka-cli"), compact("0.1"), "00");

  test("lists every API once, with Produce from 0, Fetch to 18 and DescribeTopicPartitions", async () => {
    const { client } = await setUp();
    client.sendFrame(request(18, 4, 0x11223344, body));
    const frame = await client.frame();
    expect(frame.readInt32BE(0)).toBe(0x11223344);
    expect(frame.readInt16BE(4)).toBe(0);
    const count = frame.readUInt8(6) - 1;
    const listed = new Map<number, [number, number]>();
    for (let at = 7; at < 7 + count * 7; at += 7) {
      expect(frame.readUInt8(at + 6)).toBe(0);
      listed.set(frame.readInt16BE(at), [frame.readInt16BE(at + 2), frame.readInt16BE(at + 4)]);
    }
    expect(listed.size).toBe(count);
    expect(listed.get(0)).toEqual([0, 13]);
    expect(listed.get(1)).toEqual([4, 18]);
    expect(listed.get(18)).toEqual([0, 5]);
    expect(listed.get(75)).toEqual([0, 0]);
  });

  test("of a version that does not exist is answered in version 0 with error 35 and our range", async () => {
    const { client } = await setUp();
    expect(await exchange(client, request(18, 999, 7, body))).toBe(
      bytesOf(int32(7), int16(35), int32(1), int16(18), int16(0), int16(5)).toString("hex"),
    );
  });

  test("is answered in order when several are sent at once, on several connections", async () => {
    const { client, broker } = await setUp();
    const clients = [client, await RawClient.connect(broker.port), await RawClient.connect(broker.port)];
    for (const [index, each] of clients.entries()) {
      for (let count = 0; count < 20; count++) each.sendFrame(request(18, 4, index * 100 + count, body));
    }
    for (const [index, each] of clients.entries()) {
      for (let count = 0; count < 20; count++) {
        expect((await each.frame()).readInt32BE(0)).toBe(index * 100 + count);
      }
    }
  });
});

describe("DescribeTopicPartitions v0", () => {
  /** What a client may do with a topic where nothing is forbidden. */
  const ALL_OPERATIONS = "00000df8";
  const ask = (...names: string[]) =>
    request(
      75,
      0,
      5,
      bytesOf(array(...names.map((name) => bytesOf(compact(name), "00"))), int32(100), "ff", "00"),
    );
  const answer = (...described: Uint8Array[]) =>
    bytesOf(int32(5), "00", int32(0), array(...described), "ff", "00");
  const described = (topic: HandMadeTopic) =>
    bytesOf(
      int16(0),
      compact(topic.name),
      topic.id,
      "00",
      array(...topic.partitions.map((_, index) => partition(index))),
      ALL_OPERATIONS,
      "00",
    );
  const partition = (index: number) =>
    bytesOf(
      int16(0),
      int32(index),
      int32(1),
      int32(0),
      array(int32(1)),
      array(int32(1)),
      "01",
      "01",
      "01",
      "00",
    );
  const byName = (name: string) => topics.find((topic) => topic.name === name) as HandMadeTopic;

  test("of an unknown topic says error 3 and no partitions", async () => {
    const { client } = await setUp();
    const unknown = bytesOf(int16(3), compact("nowhere"), "00".repeat(16), "00", "01", ALL_OPERATIONS, "00");
    expect(await exchange(client, ask("nowhere"))).toBe(answer(unknown).toString("hex"));
  });

  test("of one topic lists its partitions", async () => {
    const { client } = await setUp();
    expect(await exchange(client, ask("empty"))).toBe(answer(described(byName("empty"))).toString("hex"));
  });

  test("of several topics sorts them by name", async () => {
    const { client } = await setUp();
    expect(await exchange(client, ask("several", "one", "empty"))).toBe(
      answer(described(byName("empty")), described(byName("one")), described(byName("several"))).toString(
        "hex",
      ),
    );
  });
});

describe("Fetch v16", () => {
  const ask = (...asked: { id: string; partition: number }[]) =>
    request(
      1,
      16,
      9,
      bytesOf(
        int32(500),
        int32(1),
        int32(0x7fffffff),
        "00",
        int32(0),
        int32(-1),
        array(
          ...asked.map(({ id, partition }) =>
            bytesOf(
              id,
              array(
                bytesOf(int32(partition), int32(-1), int64(0), int32(-1), int64(-1), int32(1048576), "00"),
              ),
              "00",
            ),
          ),
        ),
        "01",
        "01",
        "00",
      ),
    );
  const answer = (...topics: Uint8Array[]) =>
    bytesOf(int32(9), "00", int32(0), int16(0), int32(0), array(...topics), "00");
  const topic = (id: string, partition: Uint8Array) => bytesOf(id, array(partition), "00");
  const found = (index: number, endOffset: number, records: Uint8Array) =>
    bytesOf(
      int32(index),
      int16(0),
      int64(endOffset),
      int64(endOffset),
      int64(0),
      "00",
      int32(-1),
      unsignedVarint(records.length + 1),
      records,
      "00",
    );

  test("of no topic answers with none", async () => {
    const { client } = await setUp();
    expect(await exchange(client, ask())).toBe(answer().toString("hex"));
  });

  test("of an unknown topic id says error 100 on the partition", async () => {
    const { client } = await setUp();
    const unknown = "00000000000040008000000000009999";
    const partition = bytesOf(
      int32(0),
      int16(100),
      int64(-1),
      int64(-1),
      int64(-1),
      "01",
      int32(-1),
      "01",
      "00",
    );
    expect(await exchange(client, ask({ id: unknown, partition: 0 }))).toBe(
      answer(topic(unknown, partition)).toString("hex"),
    );
  });

  test("of an empty log brings no records", async () => {
    const { client } = await setUp();
    expect(await exchange(client, ask({ id: ids.empty, partition: 0 }))).toBe(
      answer(topic(ids.empty, found(0, 0, Buffer.alloc(0)))).toString("hex"),
    );
  });

  test("of a batch brings it as it lies in the log", async () => {
    const { client, batches } = await setUp();
    const records = Buffer.concat(batches.get("one-0") ?? []);
    expect(await exchange(client, ask({ id: ids.one, partition: 0 }))).toBe(
      answer(topic(ids.one, found(0, 1, records))).toString("hex"),
    );
  });

  test("of several batches brings all of them in one answer", async () => {
    const { client, batches } = await setUp();
    const records = Buffer.concat(batches.get("several-0") ?? []);
    expect(batches.get("several-0")).toHaveLength(3);
    expect(await exchange(client, ask({ id: ids.several, partition: 0 }))).toBe(
      answer(topic(ids.several, found(0, 3, records))).toString("hex"),
    );
  });
});

describe("Produce v11", () => {
  type Asked = { name: string; partitions: { index: number; records: Uint8Array }[] };
  const ask = (...asked: Asked[]) =>
    request(
      0,
      11,
      13,
      bytesOf(
        "00",
        int16(-1),
        int32(1000),
        array(
          ...asked.map(({ name, partitions }) =>
            bytesOf(
              compact(name),
              array(
                ...partitions.map(({ index, records }) =>
                  bytesOf(int32(index), unsignedVarint(records.length + 1), records, "00"),
                ),
              ),
              "00",
            ),
          ),
        ),
        "00",
      ),
    );
  const answer = (...topics: { name: string; partitions: Uint8Array[] }[]) =>
    bytesOf(
      int32(13),
      "00",
      array(...topics.map(({ name, partitions }) => bytesOf(compact(name), array(...partitions), "00"))),
      int32(0),
      "00",
    ).toString("hex");
  const appended = (index: number, baseOffset: number) =>
    bytesOf(int32(index), int16(0), int64(baseOffset), int64(-1), int64(0), "01", "00", "00");
  const log = (directory: string, partition: string) =>
    readFileSync(join(directory, partition, "00000000000000000000.log"));

  test("to an unknown topic, and to any unknown partition, says error 3 and offsets of -1", async () => {
    const { client } = await setUp();
    const batch = handMadeBatch({ values: ["lost"] });
    const refusal = /^0000000d0002[0-9a-f]+/;
    for (const [name, index] of [
      ["nowhere", 0],
      ...Array.from({ length: 9 }, (_, k) => ["one", 100 + 111 * k]),
    ] as [string, number][]) {
      const hex = await exchange(client, ask({ name, partitions: [{ index, records: batch }] }));
      expect(hex).toMatch(refusal);
      const start = bytesOf(
        int32(13),
        "00",
        "02",
        compact(name),
        "02",
        int32(index),
        int16(3),
        int64(-1),
        int64(-1),
        int64(-1),
        "01",
      );
      expect(hex.startsWith(start.toString("hex"))).toBe(true);
    }
  });

  test("of one record answers with its offset, and the batch on disk is the one sent, CRC and all", async () => {
    const { client, logDirectory } = await setUp();
    const batch = handMadeBatch({ values: ["Hello Earth!"], producer: { id: 0, epoch: 0, sequence: 0 } });
    expect(await exchange(client, ask({ name: "empty", partitions: [{ index: 0, records: batch }] }))).toBe(
      answer({ name: "empty", partitions: [appended(0, 0)] }),
    );
    const onDisk = log(logDirectory, "empty-0").subarray(0, batch.length);
    expect(onDisk.subarray(16).equals(batch.subarray(16))).toBe(true);
    expect(onDisk.readBigInt64BE(0)).toBe(0n);
    expect(onDisk.readUInt32BE(17)).toBe(slowCrc32c(batch.subarray(21)));
  });

  test("of three records in a batch keeps them together", async () => {
    const { client, logDirectory } = await setUp();
    const batch = handMadeBatch({ values: ["one", "two", "three"] });
    expect(await exchange(client, ask({ name: "one", partitions: [{ index: 0, records: batch }] }))).toBe(
      answer({ name: "one", partitions: [appended(0, 1)] }),
    );
    const onDisk = log(logDirectory, "one-0").subarray(-batch.length);
    expect(onDisk.readBigInt64BE(0)).toBe(1n);
    expect(onDisk.subarray(16).equals(batch.subarray(16))).toBe(true);
  });

  test("to three partitions and to two topics answers each for itself, in the order asked", async () => {
    const { client, logDirectory } = await setUp();
    const batches = ["a", "b", "c", "d"].map((value) => handMadeBatch({ values: [value] }));
    const [a, b, c, d] = batches as [Buffer, Buffer, Buffer, Buffer];
    const partitions = [
      { index: 2, records: a },
      { index: 0, records: b },
      { index: 1, records: c },
    ];
    expect(
      await exchange(
        client,
        ask({ name: "several", partitions }, { name: "one", partitions: [{ index: 1, records: d }] }),
      ),
    ).toBe(
      answer(
        { name: "several", partitions: [appended(2, 1), appended(0, 3), appended(1, 0)] },
        { name: "one", partitions: [appended(1, 0)] },
      ),
    );
    expect(log(logDirectory, "several-1").subarray(16).equals(c.subarray(16))).toBe(true);
    expect(log(logDirectory, "one-1").subarray(16).equals(d.subarray(16))).toBe(true);
  });

  test("is still there after the broker has been killed and started again", async () => {
    const { client, broker, logDirectory } = await setUp();
    const batch = handMadeBatch({ values: ["kept"] });
    await exchange(client, ask({ name: "empty", partitions: [{ index: 0, records: batch }] }));
    await broker.kill();
    const again = await startBroker({ logDirectory });
    running.push(again);
    const hex = await exchange(
      await RawClient.connect(again.port),
      ask({ name: "empty", partitions: [{ index: 0, records: batch }] }),
    );
    expect(hex).toBe(answer({ name: "empty", partitions: [appended(0, 1)] }));
  });
});

describe("bytes behind a request", () => {
  test("are overlooked in Metadata, where librdkafka asks for all topics with three too many", async () => {
    const { client } = await setUp();
    const metadata = bytesOf("00000000", "01", "00", "00");
    const answer = await exchange(client, request(3, 13, 7, metadata));
    for (const { name } of topics) expect(answer).toContain(compact(name).toString("hex"));
  });

  test("end the connection elsewhere, with a line that says so", async () => {
    const { client, broker } = await setUp();
    client.sendFrame(request(75, 0, 7, bytesOf(array(), int32(10), "ff", "00", "000000")));
    await client.closed;
    expect(broker.output()).toMatch(/DescribeTopicPartitions v0, .* 3 bytes follow its end/);
  });
});
