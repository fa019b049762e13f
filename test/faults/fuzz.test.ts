import { afterAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { ApiVersionsRequest, ApiVersionsResponse } from "../../src/protocol/messages/api-versions.ts";
import { inRange } from "../../src/protocol/schema.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { SeededRandom } from "../support/random.ts";
import { framed, RawClient } from "../support/raw-client.ts";
import { definitions, readVectors } from "../vectors/round-trip.ts";

const REQUESTS = 100_000;
const CONNECTIONS_AT_ONCE = 100;
const BYSTANDER_ROUNDS = 4;
const SEED = Number(process.env.HOUSKA_FUZZ_SEED ?? 20260101);
const MAX_MEMORY_KIB = 600 * 1024;

const brokers: BrokerProcess[] = [];
afterAll(async () => {
  for (const broker of brokers) await broker.kill();
  removeTemporaryFolders();
});

/** Every request of the vectors as a frame without its length: the honest requests that the mutants come from. */
async function honestFrames(): Promise<Buffer[]> {
  const vectors = await readVectors(`${import.meta.dir}/../fixtures/protocol/vectors.jsonl.gz`);
  return vectors
    .map(({ name, version, hex }) => ({ definition: definitions.get(name), version, hex }))
    .flatMap(({ definition, version, hex }) => {
      if (definition?.kind !== "request") return [];
      const header = Buffer.alloc(inRange(definition.flexible, version) ? 15 : 14);
      header.writeInt16BE(definition.key, 0);
      header.writeInt16BE(version, 2);
      header.writeInt32BE(1, 4);
      header.writeInt16BE(4, 8);
      header.write("fuzz", 10);
      return [Buffer.concat([header, Buffer.from(hex, "hex")])];
    });
}

const EXTREMES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

function mutant(frame: Buffer, random: SeededRandom): Buffer {
  const changed = Buffer.from(frame);
  switch (random.below(6)) {
    case 0:
      return framed(changed.subarray(0, random.below(changed.length)));
    case 1:
      return framed(Buffer.concat([changed, Buffer.alloc(1 + random.below(20), random.below(256))]));
    case 2: {
      const lying = framed(changed);
      lying.writeInt32BE(
        random.pick([-1, 0, 7, -(2 ** 31), 2 ** 31 - 1, 104857601, changed.length - 1, changed.length + 3]),
      );
      return lying;
    }
    case 3: {
      const at = random.below(Math.max(1, changed.length - 4));
      if (changed.length >= 4)
        changed.writeInt32BE(random.pick([-2, -1, 2 ** 31 - 1, -(2 ** 31), 65536]), at);
      return framed(changed);
    }
    default:
      for (let count = 1 + random.below(4); count > 0; count--) {
        changed.writeUInt8(
          random.below(2) ? random.pick(EXTREMES) : random.below(256),
          random.below(changed.length),
        );
      }
      return framed(changed);
  }
}

/**
 * Sends these bytes on a connection of their own, because most of them end it. Many local addresses, because each
 * has only so many ports.
 */
function send(port: number, bytes: Buffer, count: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const localAddress = `127.0.0.${2 + (count % 200)}`;
    const socket = connect({ port, host: "127.0.0.1", localAddress }, () => socket.write(bytes));
    socket.on("data", () => {});
    socket.once("connect", () => resolve(socket));
    // Once it is connected, an error says no more than that the broker has ended the connection.
    socket.on("error", reject);
  });
}

function peakMemoryKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
}

test(`${REQUESTS} mutated requests leave the broker serving others, at bounded memory (seed ${SEED})`, async () => {
  const random = new SeededRandom(SEED);
  const frames = await honestFrames();
  const broker = await startBroker();
  brokers.push(broker);
  const bystander = await RawClient.connect(broker.port);
  for (let sent = 0; sent < REQUESTS; sent += CONNECTIONS_AT_ONCE) {
    const sockets = await Promise.all(
      Array.from({ length: CONNECTIONS_AT_ONCE }, (_, index) =>
        send(broker.port, mutant(random.pick(frames), random), sent + index),
      ),
    );
    // By the time it has answered a bystander a few times, the broker has read what came before.
    for (let round = 0; round < BYSTANDER_ROUNDS; round++) {
      const answer = await bystander.request(ApiVersionsRequest, ApiVersionsResponse, 0, {});
      expect(answer.errorCode).toBe(0);
    }
    for (const socket of sockets) socket.destroy();
  }
  expect(peakMemoryKib(broker.pid)).toBeLessThan(MAX_MEMORY_KIB);
  expect(await broker.stop()).toBe(0);
}, 300_000);
