import { afterAll, beforeAll, expect } from "bun:test";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { runProgram } from "../support/program-run.ts";
import { requires } from "../support/requirements.ts";

const { test, missing } = requires("kcat");

let broker: BrokerProcess;
beforeAll(async () => {
  if (missing === null) broker = await startBroker({ properties: { "num.partitions": 1 } });
});
afterAll(async () => {
  if (missing === null) await broker.stop();
  removeTemporaryFolders();
});

/** Runs kcat against the broker; returns what it printed, and throws what it complained of. */
async function kcat(words: readonly string[], input = ""): Promise<string> {
  const command = ["kcat", "-b", `127.0.0.1:${broker.port}`, ...words];
  const { code, output, complaint } = await runProgram(command, { input });
  if (code !== 0) throw new Error(`kcat ${words.join(" ")} ended with ${code}: ${complaint}`);
  return output;
}

const produce = (topic: string, input: string, ...options: string[]) =>
  kcat(["-P", "-t", topic, ...options], input);
const consume = (topic: string, ...options: string[]) =>
  kcat(["-C", "-t", topic, "-e", "-q", "-o", "beginning", ...options]);

test("kcat lists the broker under the address it came by, and a topic with its leader", async () => {
  await produce("listed", "a\n");
  const listing = await kcat(["-L"]);
  expect(listing).toContain(`broker 1 at 127.0.0.1:${broker.port}`);
  expect(listing).toContain('topic "listed" with 1 partitions:');
  expect(listing).toContain("partition 0, leader 1, replicas: 1, isrs: 1");
});

for (const compression of ["none", "gzip", "snappy", "lz4", "zstd"]) {
  test(`kcat reads back what it wrote with compression ${compression}`, async () => {
    const topic = `compressed-${compression}`;
    const lines = Array.from({ length: 500 }, (_, index) => `message ${index} ${"x".repeat(50)}\n`).join("");
    await produce(topic, lines, "-z", compression);
    expect(await consume(topic)).toBe(lines);
  });
}

test("kcat reads keys, headers and empty values as they were written", async () => {
  await produce("rich", "k1|v1\nk2|\n", "-K", "|", "-Z", "-H", "h=1");
  expect(await consume("rich", "-f", "%k=%s(%S) %h\n")).toBe("k1=v1(2) h=1\nk2=(-1) h=1\n");
});

test("kcat reads from an offset, and the last records", async () => {
  await produce("offsets", "0\n1\n2\n3\n4\n");
  expect(await kcat(["-C", "-t", "offsets", "-e", "-q", "-o", "3"])).toBe("3\n4\n");
  expect(await kcat(["-C", "-t", "offsets", "-e", "-q", "-o", "-1"])).toBe("4\n");
});

for (const compression of ["none", "zstd"]) {
  test(`kcat reads from a timestamp, within a batch of compression ${compression}`, async () => {
    const topic = `timestamps-${compression}`;
    await produce(topic, "early\n", "-z", compression);
    const [early] = (await consume(topic, "-f", "%T\n")).split("\n").map(Number);
    if (early === undefined) throw new Error("no timestamp");
    while (Date.now() <= early + 1) await Bun.sleep(1);
    const middle = Date.now();
    await produce(topic, "late\nlater\n", "-z", compression);
    const since = (timestamp: number) => kcat(["-C", "-t", topic, "-e", "-q", "-o", `s@${timestamp}`]);
    expect(await since(middle)).toBe("late\nlater\n");
    expect(await since(early)).toBe("early\nlate\nlater\n");
    expect(await since(Date.now() + 3_600_000)).toBe("");
  });
}

test("100,000 messages come out of kcat as they went in", async () => {
  const lines = Array.from(
    { length: 100_000 },
    (_, index) => `${index}:${"abcdefghij".repeat(index % 13)}\n`,
  ).join("");
  await produce("many", lines);
  expect((await consume("many")) === lines).toBe(true);
}, 60_000);

test("kcat's idempotent producer writes each message once", async () => {
  const lines = Array.from({ length: 2000 }, (_, index) => `${index}\n`).join("");
  await produce("idempotent", lines, "-X", "enable.idempotence=true");
  expect(await consume("idempotent")).toBe(lines);
});
