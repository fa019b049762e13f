/**
 * The table of options in src/cli/README.md: what Kafka's tools take, and what ours of the same name take.
 * `bun test/structure/cli-table.ts` writes it; a test says when that is due.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandEntry } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import recordedOptions from "../fixtures/cli/kafka-options.json" with { type: "json" };

/** Of each tool, or of each of its actions. */
const kafkaOptions: Readonly<Record<string, readonly string[]>> = recordedOptions;
const path = join(import.meta.dir, "..", "..", "src", "cli", "README.md");
const begin = "<!-- options, written by test/structure/cli-table.ts -->";
const end = "<!-- end of options -->";

/** Tools of Kafka's that there aren't, and why. */
export const missingTools: Readonly<Record<string, string>> = {
  "kafka-client-metrics": "kafka-configs does the same with --client-metrics",
  "kafka-console-share-consumer": "there are no share groups",
  "kafka-delegation-tokens": "there is no SASL",
  "kafka-groups": "kafka-consumer-groups --list --type does the same for the groups that there are",
  "kafka-share-groups": "there are no share groups",
  "kafka-streams-groups": "there are no streams groups",
  "kafka-verifiable-consumer": "a tool of Kafka's own tests",
  "kafka-verifiable-producer": "a tool of Kafka's own tests",
};

/** Options that are taken and refused, or mean nothing, and why. */
const notDone: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "kafka-configs": {
    client: "quotas can't be set",
    "client-defaults": "quotas can't be set",
    ip: "quotas can't be set",
    "ip-defaults": "quotas can't be set",
    user: "quotas and SCRAM credentials can't be set",
    "user-defaults": "quotas can't be set",
  },
  "kafka-console-consumer": {
    formatter: "Kafka's own, without those of share groups",
    "key-deserializer": "Kafka's own",
    "value-deserializer": "Kafka's own",
  },
  "kafka-console-producer": {
    "line-reader": "there is only Kafka's own",
    "socket-buffer-size": "the operating system sizes the buffers",
  },
  "kafka-consumer-perf-test": {
    "print-metrics": "there are none",
    "socket-buffer-size": "the operating system sizes the buffers",
  },
  "kafka-producer-perf-test": { "print-metrics": "there are none" },
  "kafka-dump-log": {
    "index-sanity-check": "`houska check` verifies indexes",
    "key-decoder-class": "classes of Java can't be loaded; text is printed as text",
    "max-message-size": "a batch of any size is read",
    "remote-log-metadata-decoder": "there is no tiered storage",
    "value-decoder-class": "classes of Java can't be loaded; text is printed as text",
    "verify-index-only": "`houska check` verifies indexes",
  },
  "kafka-reassign-partitions": {
    "replica-alter-log-dirs-throttle": "partitions aren't moved from one log directory to another",
    throttle: "with one broker nothing is copied from one to the other",
    timeout: "nothing is waited for",
  },
  "kafka-storage format": {
    "add-scram": "there is no SASL",
    "initial-controllers": "the broker is its own and only controller",
    "no-initial-controllers": "the broker is its own and only controller",
  },
  "kafka-metadata-quorum add-controller": { "": "the broker is its own and only controller" },
  "kafka-metadata-quorum remove-controller": { "": "the broker is its own and only controller" },
  "kafka-topics": { "delete-config": "Kafka's tool does nothing with it either" },
};

export interface ToolRow {
  /** With the action, where the tool has actions. */
  readonly tool: string;
  readonly kafkas: readonly string[];
  /** Those of Kafka's options that ours doesn't take. */
  readonly lacking: readonly string[];
  /** Options that Kafka's tool doesn't have. */
  readonly more: readonly string[];
}

/** What each tool of Kafka's has, beside ours. */
export async function toolRows(): Promise<ToolRow[]> {
  const rows = Object.entries(kafkaOptions).map(async ([tool, kafkas]) => {
    const [name = "", action = ""] = tool.split(" ");
    const entry = commands.find(({ kafkaName }) => kafkaName === name);
    const ours = entry === undefined ? undefined : (await loadedBy(entry)).optionNames?.[action];
    if (ours === undefined) return { tool, kafkas, lacking: [...kafkas], more: [] };
    return {
      tool,
      kafkas,
      lacking: kafkas.filter((option) => !ours.includes(option)),
      more: ours.filter((option) => !kafkas.includes(option) && option !== "help" && option !== "version"),
    };
  });
  return Promise.all(rows);
}

function loadedBy(entry: CommandEntry) {
  return (entry.loadKafka ?? entry.load)();
}

/** The table as it should stand. */
export async function optionsTable(): Promise<string> {
  const rows = (await toolRows())
    .filter(({ tool }) => !(tool in missingTools))
    .map(({ tool, kafkas, lacking, more }) => {
      const remarks = Object.entries(notDone[tool] ?? {}).map(([option, why]) =>
        option === "" ? `refused: ${why}` : `\`--${option}\`: ${why}`,
      );
      if (lacking.length > 0)
        remarks.push(`lacking: ${lacking.map((option) => `\`--${option}\``).join(", ")}`);
      if (more.length > 0) remarks.push(`besides: ${more.map((option) => `\`--${option}\``).join(", ")}`);
      return `| \`${tool}\` | ${kafkas.length} | ${kafkas.length - lacking.length} | ${remarks.join("; ")} |`;
    });
  const missing = Object.entries(missingTools).map(([tool, why]) => `| \`${tool}\` | ${why} |`);
  return [
    "| tool | options of Kafka's | taken | remarks |",
    "|---|--:|--:|---|",
    ...rows,
    "",
    "| not there | why |",
    "|---|---|",
    ...missing,
  ].join("\n");
}

/** The README with the table in its place. */
export async function withTable(): Promise<string> {
  const text = readFileSync(path, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has no place for the table`);
  return `${text.slice(0, from + begin.length)}\n\n${await optionsTable()}\n\n${text.slice(to)}`;
}

export const readReadme = (): string => readFileSync(path, "utf8");

if (import.meta.main) writeFileSync(path, await withTable());
