import { describe, expect, test } from "bun:test";
import { ConfigError, loadServerConfig } from "../../../src/config/load.ts";
import { readLines } from "./kafka-replies.ts";

/** Houska needs less than Kafka: these properties files it refuses to start with are good enough here. */
const easier: Readonly<Record<string, string>> = {
  "!process.roles": "one node is everything",
  "!node.id": "one node is node 1",
  "!controller.quorum.bootstrap.servers": "there is no quorum to find",
  "controller.quorum.bootstrap.servers=": "there is no quorum to find",
  "controller.quorum.voters=2@localhost:9093": "there is no quorum to be part of",
  "!listeners": "the controller needs no listener",
  "!controller.listener.names": "the controller needs no listener",
  "controller.listener.names=controller": "listener names are the same in any case",
  "!advertised.listeners; listeners=PLAINTEXT://0.0.0.0:9092,CONTROLLER://localhost:9093":
    "clients are told the address they came in by",
  "process.roles=broker; listeners=PLAINTEXT://:9092; advertised.listeners=PLAINTEXT://localhost:9092; controller.quorum.voters=1@localhost:9093":
    "there is no quorum to be part of",
  "principal.builder.class=com.Foo": "classes can't be looked up; the key gets a warning",
  "create.topic.policy.class.name=com.Foo": "classes can't be looked up; the key gets a warning",
};

/** And these Kafka starts with, or tries to. */
const harder: Readonly<Record<string, string>> = {
  "listeners=PLAINTEXT://:99999,CONTROLLER://:9093": "there is no such port",
  "listeners=PLAINTEXT://:-1,CONTROLLER://:9093": "there is no such port",
};

interface Case {
  readonly set: readonly (readonly [string, string | null])[];
  readonly error: string | null;
}

const [first, ...cases] = readLines("kafka-4.4.0-properties.jsonl");
const { base } = first as { base: string };

const nameOf = ({ set }: Case) =>
  set.map(([key, value]) => (value === null ? `!${key}` : `${key}=${value}`)).join("; ");

/** The base file without the keys of a case, and with its new values. */
function propertiesFile({ set }: Case): string {
  const keys = set.map(([key]) => key);
  const lines = base.split("\n").filter((line) => !keys.includes(line.split("=")[0] ?? ""));
  return [...lines, ...set.filter(([, value]) => value !== null).map((pair) => pair.join("="))].join("\n");
}

describe("a properties file", () => {
  for (const one of cases as Case[]) {
    const name = nameOf(one);
    const accepted = (one.error === null || name in easier) && !(name in harder);
    test(`with ${name} is ${accepted ? "accepted" : "refused"}`, () => {
      const load = () => loadServerConfig({ file: { path: "p", text: propertiesFile(one) }, overrides: [] });
      if (accepted) expect(load).not.toThrow();
      else expect(load).toThrow(ConfigError);
    });
  }
});
