import { afterEach, describe, expect, test } from "bun:test";
import { KafkaClient } from "../../../src/client/client.ts";
import { clientConfig } from "../../../src/client/config.ts";
import { ClientConfigError, TimeoutError, UnsupportedVersionError } from "../../../src/client/errors.ts";
import { ErrorCode, KafkaError } from "../../../src/protocol/errors.ts";
import { DeleteGroupsRequest, DeleteGroupsResponse } from "../../../src/protocol/messages/delete-groups.ts";
import { FindCoordinatorResponse } from "../../../src/protocol/messages/find-coordinator.ts";
import {
  type Answerer,
  answered,
  metadataAnswer,
  ScriptedBroker,
  versionsAnswer,
} from "./scripted-broker.ts";

const API_VERSIONS = 18;
const METADATA = 3;
const FIND_COORDINATOR = 10;
const DELETE_GROUPS = 42;
const served = {
  [API_VERSIONS]: [0, 4],
  [METADATA]: [0, 9],
  [FIND_COORDINATOR]: [0, 4],
  [DELETE_GROUPS]: [0, 2],
} as const;

/** Enough for a few tries, and soon over. */
const IMPATIENT = new Map([
  ["default.api.timeout.ms", "300"],
  ["retry.backoff.ms", "10"],
]);
const PATIENT = new Map([["retry.backoff.ms", "1"]]);

const opened: { close?: () => void; stop?: () => void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) (one.close ?? one.stop)?.call(one);
});

function broker(answer: Answerer): ScriptedBroker {
  const started = new ScriptedBroker(answer);
  opened.push(started);
  return started;
}

function client(servers: string, properties = PATIENT): KafkaClient {
  const made = new KafkaClient(servers, clientConfig(properties));
  opened.push(made);
  return made;
}

/** A port that nobody listens on. */
function closedPort(): number {
  const started = new ScriptedBroker(() => null);
  const { port } = started;
  started.stop();
  return port;
}

describe("versions", () => {
  test("are the highest that both know", async () => {
    const one: ScriptedBroker = broker(({ apiKey, version }) =>
      apiKey === API_VERSIONS ? versionsAnswer(version, served) : metadataAnswer(version, one.port),
    );
    expect((await client(one.address).metadata([])).clusterId).toBe("scripted");
    expect(one.asked.map(({ apiKey }) => apiKey)).toEqual([API_VERSIONS, METADATA]);
    expect(one.asked[1]?.version).toBe(9);
  });

  test("of ApiVersions itself are found with a broker that doesn't know the newest", async () => {
    const one: ScriptedBroker = broker(({ apiKey, version }) => {
      if (apiKey !== API_VERSIONS) return metadataAnswer(version, one.port);
      return version > 2
        ? versionsAnswer(0, { [API_VERSIONS]: [0, 2] }, ErrorCode.UNSUPPORTED_VERSION)
        : versionsAnswer(version, served);
    });
    await client(one.address).metadata([]);
    expect(one.asked.map(({ apiKey, version }) => [apiKey, version]).slice(1)).toEqual([
      [API_VERSIONS, 2],
      [METADATA, 9],
    ]);
  });

  test("that there are none of are told at once", async () => {
    const { address } = broker(({ version }) => versionsAnswer(version, { [API_VERSIONS]: [0, 4] }));
    const asking = client(address).metadata([]);
    await expect(asking).rejects.toThrow(UnsupportedVersionError);
    await expect(asking).rejects.toThrow(`The broker at ${address} does not support Metadata`);
  });
});

describe("bootstrap.servers", () => {
  test("are tried one after the other", async () => {
    const one: ScriptedBroker = broker(({ apiKey, version }) =>
      apiKey === API_VERSIONS ? versionsAnswer(version, served) : metadataAnswer(version, one.port),
    );
    expect(await client(`127.0.0.1:${closedPort()},${one.address}`).nodes()).toEqual([1]);
  });

  test("that nobody answers at are named when the time is up", async () => {
    const address = `127.0.0.1:${closedPort()}`;
    const asking = client(address, IMPATIENT).metadata([]);
    await expect(asking).rejects.toThrow(TimeoutError);
    await expect(asking).rejects.toThrow(`Timed out after 300 ms: ${address} refuses the connection`);
  });

  test("with somebody else at them are told of", async () => {
    const noise = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data: (socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n") },
    });
    opened.push({ stop: () => noise.stop(true) });
    await expect(client(`127.0.0.1:${noise.port}`, IMPATIENT).metadata([])).rejects.toThrow(
      "doesn't speak Kafka's protocol",
    );
  });
});

describe("a coordinator", () => {
  const deleteGroup = (one: KafkaClient) =>
    one.retry(async () => {
      const body = { groupsNames: ["g"] };
      const { results } = await one.sendOnce({ group: "g" }, DeleteGroupsRequest, DeleteGroupsResponse, body);
      const code = results[0]?.errorCode ?? 0;
      if (code === ErrorCode.NOT_COORDINATOR) throw new KafkaError("NOT_COORDINATOR", "It has moved.");
      return code;
    });

  /** Answers DeleteGroups with the codes in turn. */
  function coordinator(codes: number[], searches: number[] = []): ScriptedBroker {
    const one: ScriptedBroker = broker(({ apiKey, version }) => {
      if (apiKey === API_VERSIONS) return versionsAnswer(version, served);
      if (apiKey === METADATA) return metadataAnswer(version, one.port);
      if (apiKey === DELETE_GROUPS) {
        const errorCode = codes.shift() ?? 0;
        return answered(DeleteGroupsResponse, version, {
          throttleTimeMs: 0,
          results: [{ groupId: "g", errorCode }],
        });
      }
      const errorCode = searches.shift() ?? 0;
      const found = { key: "g", nodeId: 1, host: "127.0.0.1", port: one.port, errorCode, errorMessage: null };
      return answered(FindCoordinatorResponse, version, { coordinators: [found] });
    });
    return one;
  }

  test("is looked for once", async () => {
    const one = coordinator([]);
    const asking = client(one.address);
    await deleteGroup(asking);
    await deleteGroup(asking);
    expect(one.asked.filter(({ apiKey }) => apiKey === FIND_COORDINATOR)).toHaveLength(1);
  });

  test("that has moved is looked for again", async () => {
    const one = coordinator([ErrorCode.NOT_COORDINATOR]);
    expect(await deleteGroup(client(one.address))).toBe(0);
    expect(one.asked.filter(({ apiKey }) => apiKey === FIND_COORDINATOR)).toHaveLength(2);
  });

  test("that isn't there yet is waited for", async () => {
    const one = coordinator(
      [],
      [ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS],
    );
    expect(await deleteGroup(client(one.address))).toBe(0);
  });

  test("that isn't there when the time is up is an error of the broker's", async () => {
    const one = coordinator([], new Array(1000).fill(ErrorCode.COORDINATOR_NOT_AVAILABLE));
    await expect(deleteGroup(client(one.address, IMPATIENT))).rejects.toThrow(
      "There is no coordinator at the moment.",
    );
  });
});

test("a connection that is lost is made again, and the request sent anew", async () => {
  let lost = false;
  const one: ScriptedBroker = broker(({ apiKey, version }) => {
    if (apiKey === API_VERSIONS) return versionsAnswer(version, served);
    if (lost) return metadataAnswer(version, one.port);
    lost = true;
    return null;
  });
  await client(one.address).metadata([]);
  expect(one.asked.map(({ apiKey }) => apiKey)).toEqual([API_VERSIONS, METADATA, API_VERSIONS, METADATA]);
});

describe("a client's properties", () => {
  test("have Kafka's defaults", () => {
    expect(clientConfig(new Map())).toMatchObject({
      ...{ requestTimeoutMs: 30_000, apiTimeoutMs: 60_000, connectionSetupTimeoutMs: 10_000 },
    });
  });

  test("that ask for what there isn't, or make no sense, are refused", () => {
    expect(() => clientConfig(new Map([["security.protocol", "SASL_SSL"]]))).toThrow(ClientConfigError);
    expect(() => clientConfig(new Map([["request.timeout.ms", "soon"]]))).toThrow(ClientConfigError);
  });
});
