import { describe, expect, test } from "bun:test";
import type { Definition } from "../../../../src/config/definition.ts";
import { dynamicOnlyDefinitions } from "../../../../src/config/definitions/broker/replication.ts";
import {
  brokerDefinitions,
  groupDefinitions,
  topicDefinitions,
} from "../../../../src/config/definitions/tables.ts";
import { configText, parseType } from "../../../../src/config/value.ts";
import brokerFacts from "../../../fixtures/config/broker-configs.json";
import groupFacts from "../../../fixtures/config/group-configs.json";
import more from "../../../fixtures/config/kafka-4.4.0-synonyms-and-modes.json";
import topicFacts from "../../../fixtures/config/topic-configs.json";

interface Fact {
  readonly name: string;
  readonly type: string;
  readonly default: string | null;
  readonly valid: string | null;
  readonly importance: string;
  readonly internal?: boolean;
}

const sorted = <Row extends { name: string }>(rows: readonly Row[]) =>
  [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));

/** The facts write lists as Java prints them, and classes with the word before their name. */
function defaultOf({ type, default: text }: Fact): string | null {
  if (text === null) return null;
  if (type === "list") return text.slice(1, -1).replaceAll(", ", ",");
  return type === "class" ? text.replace(/^class /, "") : text;
}

const asFact = ({ name, type, default: text, validator, importance, internal }: Definition): Fact => ({
  name,
  type,
  default: text,
  valid: validator?.text ?? null,
  importance,
  internal,
});

const fromFact = (fact: Fact): Fact => ({
  name: fact.name,
  type: fact.type,
  default: defaultOf(fact),
  valid: fact.valid,
  importance: fact.importance,
  internal: fact.internal ?? false,
});

const modes: Readonly<Record<string, string>> = more.dynamicModes;
const topicSynonyms: Readonly<Record<string, readonly (readonly (string | number)[])[]>> = more.topicSynonyms;
const groupSynonyms: Readonly<Record<string, string>> = more.groupSynonyms;

describe("the tables of configs", () => {
  const tables: [string, readonly Definition[], readonly Fact[]][] = [
    ["broker", brokerDefinitions, brokerFacts],
    ["topic", topicDefinitions, topicFacts],
    ["group", groupDefinitions, groupFacts],
  ];

  test.each(tables)(
    "have name, type, default, valid values and importance of every %s config of Kafka",
    (_, rows, facts) => {
      expect(sorted(rows).map(asFact)).toEqual(sorted(facts).map(fromFact));
    },
  );

  test("know which broker configs can be changed while the broker runs, and at which level", () => {
    const rows: Definition[] = [...brokerDefinitions, ...dynamicOnlyDefinitions];
    const dynamic = rows.filter((row) => row.dynamic !== "read-only").map((row) => [row.name, row.dynamic]);
    expect(Object.fromEntries(dynamic)).toEqual(modes);
  });

  test("know the broker configs behind each topic config, with their units", () => {
    for (const { name, synonyms } of topicDefinitions) {
      expect(synonyms.map((synonym) => [synonym.name, synonym.factor])).toEqual(
        (topicSynonyms[name] ?? []).map(([synonym, factor]) => [String(synonym), Number(factor)]),
      );
    }
  });

  test("know the broker config behind each group config", () => {
    for (const { name, synonyms } of groupDefinitions) {
      const synonym = groupSynonyms[name];
      expect(synonyms.map((one) => one.name)).toEqual(synonym === undefined ? [] : [synonym]);
    }
  });

  test("hold defaults in the form in which Kafka shows them, and the values these stand for", () => {
    const rows: Definition[] = [...brokerDefinitions, ...topicDefinitions, ...groupDefinitions];
    for (const { name, type, default: text, defaultValue } of rows) {
      if (text === null) expect(defaultValue).toBeNull();
      else expect({ name, value: defaultValue }).toEqual({ name, value: parseType(name, type, text) });
      if (defaultValue !== null) expect(configText(type, defaultValue)).toBe(text ?? "");
    }
  });

  test("hold defaults that their own checks allow", () => {
    const rows: Definition[] = [...brokerDefinitions, ...topicDefinitions, ...groupDefinitions];
    for (const { name, type, default: text, validator } of rows) {
      if (text !== null) expect(() => validator?.check(name, parseType(name, type, text))).not.toThrow();
    }
  });

  test("say in a sentence what each topic and group config does, and each broker config that Houska acts on", () => {
    const rows: Definition[] = [
      ...topicDefinitions,
      ...groupDefinitions,
      ...brokerDefinitions.filter((row) => row.actedOn),
    ];
    for (const { name, documentation } of rows) {
      expect({ name, documentation }).toEqual({ name, documentation: expect.stringMatching(/^[A-Z].*\.$/) });
    }
  });
});
