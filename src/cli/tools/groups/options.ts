/**
 * The options of kafka-consumer-groups.
 */
import { WrongUse } from "../../command.ts";
import { connectionOptions } from "../../tool/connect.ts";
import type { Given } from "../../tool/option.ts";

const actions = ["list", "describe", "delete", "reset-offsets", "delete-offsets", "validate-regex"] as const;
type ActionName = (typeof actions)[number];

/** The ways to say where a group shall go on reading. */
export const resetWays = [
  "to-offset",
  "to-datetime",
  "by-duration",
  "to-earliest",
  "to-latest",
  "shift-by",
  "from-file",
  "to-current",
] as const;

const otherWays = (way: (typeof resetWays)[number]) => resetWays.filter((other) => other !== way);

export const groupsOptions = {
  ...connectionOptions,
  "bootstrap-server": { ...connectionOptions["bootstrap-server"], required: false },
  list: { description: "List the groups." },
  describe: { description: "Show groups with their offsets and lag, members or state." },
  delete: { description: "Delete groups with their offsets." },
  "reset-offsets": {
    description:
      "Set the offsets of inactive groups: one of --to-datetime, --by-duration, --to-earliest, --to-latest, " +
      "--shift-by, --from-file, --to-current, --to-offset says where to, --all-topics or --topic for what. " +
      "Nothing is changed without --execute.",
  },
  "delete-offsets": { description: "Delete a group's offsets of topics." },
  "validate-regex": {
    type: "string",
    takes: "regex",
    description: "Say whether a regular expression is one that consumers can subscribe by (RE2).",
  },
  group: {
    type: "string",
    takes: "consumer group",
    description: "The group; may be repeated.",
    repeated: true,
    excludes: ["all-groups", "list"],
  },
  "all-groups": { description: "All groups." },
  topic: {
    type: "string",
    takes: "topic",
    description: "The topic, or some of its partitions (topic1:0,1,2); may be repeated.",
    repeated: true,
    excludes: ["list", "describe"],
  },
  "all-topics": { description: "With --reset-offsets: all topics that the group has offsets of." },
  offsets: { description: "With --describe: offsets and lag, as without any of these." },
  members: { description: "With --describe: the members." },
  state: {
    type: "string",
    takes: "states",
    description:
      "With --describe: the state. With --list: show the state as well, or only groups in these states " +
      "(stable,empty).",
    optionalValue: true,
  },
  type: {
    type: "string",
    takes: "types",
    description: "With --list: show the type as well, or only groups of these types (classic,consumer).",
    optionalValue: true,
  },
  verbose: { description: "With --describe: more of it." },
  timeout: {
    type: "integer",
    takes: "timeout (ms)",
    description: "How long it may take, in milliseconds.",
    default: "30000",
  },
  "dry-run": { description: "With --reset-offsets: only show the new offsets." },
  execute: { description: "With --reset-offsets: set the new offsets." },
  export: { description: "With --reset-offsets: print the new offsets as CSV." },
  "to-offset": {
    type: "integer",
    takes: "offset",
    description: "To this offset.",
    excludes: otherWays("to-offset"),
  },
  "to-datetime": {
    type: "string",
    takes: "datetime",
    description: "To the first record from then on: YYYY-MM-DDThh:mm:ss.sss, in UTC where no zone is given.",
    excludes: otherWays("to-datetime"),
  },
  "by-duration": {
    type: "string",
    takes: "duration",
    description: "To the first record that isn't older: PnDTnHnMnS.",
    excludes: otherWays("by-duration"),
  },
  "to-earliest": { description: "To the beginning.", excludes: otherWays("to-earliest") },
  "to-latest": { description: "To the end.", excludes: otherWays("to-latest") },
  "to-current": { description: "To where it is.", excludes: otherWays("to-current") },
  "shift-by": {
    type: "integer",
    takes: "number-of-offsets",
    description: "By so many records from where it is; back, where the number is negative.",
    excludes: otherWays("shift-by"),
  },
  "from-file": {
    type: "string",
    takes: "path to CSV file",
    description: "To the offsets that a file names, as --export prints them.",
    excludes: otherWays("from-file"),
  },
} as const;

export type GroupsGiven = Given<typeof groupsOptions>;

/**
 * The one thing that is to be done.
 *
 * @throws WrongUse
 */
export function chosenAction(given: GroupsGiven): ActionName {
  const chosen = actions.filter((name) => given[name] !== false && given[name] !== undefined);
  const [action] = chosen;
  if (action === undefined || chosen.length > 1) {
    throw new WrongUse(
      `Command must include exactly one action: ${actions.map((name) => `--${name}`).join(", ")}`,
    );
  }
  if (action === "describe") checkDescribe(given);
  if (action === "delete" || action === "reset-offsets") checkGroupIsNamed(given, action);
  if (action === "delete" && given.topic.length > 0) {
    throw new WrongUse("The consumer does not support topic-specific offset deletion from a consumer group.");
  }
  if (action === "delete-offsets" && (given.group.length === 0 || given.topic.length === 0)) {
    throw new WrongUse("Option [delete-offsets] takes the following options: [topic], [group]");
  }
  if (action === "reset-offsets" && given["dry-run"] && given.execute) {
    throw new WrongUse("Option [reset-offsets] only accepts one of [execute] and [dry-run]");
  }
  return action;
}

function checkDescribe(given: GroupsGiven): void {
  checkGroupIsNamed(given, "describe");
  const parts = [given.members, given.offsets, given.state !== undefined].filter(Boolean);
  if (parts.length > 1) {
    throw new WrongUse("Option [describe] takes at most one of these options: [members], [offsets], [state]");
  }
  if (given.state) throw new WrongUse("Option [describe] does not take a value for [state]");
}

function checkGroupIsNamed(given: GroupsGiven, action: string): void {
  if (given.group.length > 0 || given["all-groups"]) return;
  throw new WrongUse(`Option [${action}] takes one of these options: [all-groups], [group]`);
}
