/**
 * What clients are told of where the broker is, and the warning where that leads them astray.
 */
import { describe, expect, test } from "bun:test";
import { metadata } from "../../../src/api/metadata.ts";
import { defaultGateway } from "../../../src/net/default-gateway.ts";
import { MetadataRequest, MetadataResponse } from "../../../src/protocol/messages/metadata.ts";
import { TestBroker } from "../../support/api-broker.ts";
import { TestConnection } from "../../support/dispatch-client.ts";

const connectionFrom = (remoteAddress: string, listenerName = "PLAINTEXT") =>
  Object.assign(new TestConnection(), { remoteAddress, listenerName });

const listeners = "listeners=PLAINTEXT://:9092,OTHER://:9093";
const protocols = "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,OTHER:PLAINTEXT";
const askedFrom = async (broker: TestBroker, connection: TestConnection) => {
  const body = { topics: [] };
  const answer = await broker.ask([MetadataRequest, MetadataResponse], 9, body, { connection });
  return answer?.brokers.map(({ host, port }) => `${host}:${port}`);
};
const warnings = ({ logged }: TestBroker) => logged.filter((line) => line.includes("IS TOLD TO CONNECT TO"));

describe("Of a listener that advertises localhost", () => {
  const broker = () =>
    new TestBroker(
      [metadata],
      listeners,
      protocols,
      "advertised.listeners=PLAINTEXT://localhost:9092,OTHER://127.0.0.1:9093",
    );

  test("the first client that comes from elsewhere causes a warning, and no other", async () => {
    const parts = broker();

    expect(await askedFrom(parts, connectionFrom("198.51.100.7"))).toEqual(["localhost:9092"]);
    expect(await askedFrom(parts, connectionFrom("198.51.100.8"))).toEqual(["localhost:9092"]);

    expect(warnings(parts)).toHaveLength(1);
    expect(warnings(parts)[0]).toStartWith(
      "A CLIENT AT 198.51.100.7 IS TOLD TO CONNECT TO localhost:9092, which is its own machine and not this one: " +
        "advertised.listeners of PLAINTEXT must name an address that clients can reach",
    );
  });

  test("each listener is warned of", async () => {
    const parts = broker();

    await askedFrom(parts, connectionFrom("198.51.100.7"));
    await askedFrom(parts, connectionFrom("198.51.100.7", "OTHER"));

    expect(warnings(parts)).toHaveLength(2);
    expect(warnings(parts)[1]).toContain("127.0.0.1:9093");
  });

  test("a client on this machine causes none", async () => {
    const parts = broker();

    for (const address of ["127.0.0.1", "127.8.8.8", "::1"]) await askedFrom(parts, connectionFrom(address));

    expect(warnings(parts)).toEqual([]);
  });
});

test.if(defaultGateway() !== undefined)(
  "A client that comes by the gateway is told the host of published ports, where there is one",
  async () => {
    const published = new TestBroker(
      [metadata],
      "listeners=PLAINTEXT://:9092",
      "houska.published.host=localhost",
    );
    const unpublished = new TestBroker([metadata], "listeners=PLAINTEXT://:9092");
    const gateway = defaultGateway() ?? "";

    expect(await askedFrom(published, connectionFrom(gateway))).toEqual(["localhost:9092"]);
    expect(await askedFrom(published, connectionFrom("198.51.100.7"))).toEqual(["127.0.0.1:9092"]);
    expect(await askedFrom(unpublished, connectionFrom(gateway))).toEqual(["127.0.0.1:9092"]);
  },
);

test("So is one that comes from the broker's own address, as some container engines have it", async () => {
  const broker = new TestBroker([metadata], "listeners=PLAINTEXT://:9092", "houska.published.host=localhost");
  const own = Object.assign(connectionFrom("198.51.100.7"), { localAddress: "198.51.100.7" });

  expect(await askedFrom(broker, own)).toEqual(["localhost:9092"]);
  expect(await askedFrom(broker, connectionFrom("127.0.0.1"))).toEqual(["127.0.0.1:9092"]);
});

test("No client is warned of where what is advertised can be reached, or nothing is", async () => {
  const named = new TestBroker(
    [metadata],
    "listeners=PLAINTEXT://:9092",
    "advertised.listeners=PLAINTEXT://kafka:9092",
  );
  const unnamed = new TestBroker([metadata], "listeners=PLAINTEXT://:9092");

  expect(await askedFrom(named, connectionFrom("198.51.100.7"))).toEqual(["kafka:9092"]);
  expect(await askedFrom(unnamed, connectionFrom("198.51.100.7"))).toEqual(["127.0.0.1:9092"]);

  expect([...warnings(named), ...warnings(unnamed)]).toEqual([]);
});
