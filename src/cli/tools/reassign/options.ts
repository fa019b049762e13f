/**
 * The options of kafka-reassign-partitions.
 */
import { WrongUse } from "../../command.ts";
import { brokerOrControllerOptions } from "../../tool/connect.ts";
import type { Given } from "../../tool/option.ts";

const actions = ["generate", "execute", "verify", "cancel", "list"] as const;
type ActionName = (typeof actions)[number];

const onlyWith = (...named: ActionName[]) => actions.filter((action) => !named.includes(action));

export const reassignOptions = {
  ...brokerOrControllerOptions,
  generate: { description: "Propose where the partitions of topics might lie." },
  execute: { description: "Give partitions the replicas that a file names." },
  verify: { description: "Say whether partitions have the replicas that a file names." },
  cancel: { description: "Put an end to the moving of partitions." },
  list: { description: "List the partitions that are moving." },
  "reassignment-json-file": {
    type: "string",
    takes: "file",
    description:
      "The replicas of each partition:\n" +
      '{"partitions": [{"topic": "foo", "partition": 1, "replicas": [1, 2], "log_dirs": ["any", "any"]}], ' +
      '"version": 1}\nlog_dirs may be left out.',
    excludes: onlyWith("execute", "verify", "cancel"),
  },
  "topics-to-move-json-file": {
    type: "string",
    takes: "file",
    description: 'With --generate: the topics.\n{"topics": [{"topic": "foo"}], "version": 1}',
    excludes: onlyWith("generate"),
  },
  "broker-list": {
    type: "list",
    takes: "id, id, ...",
    description: "With --generate: the brokers to move them to.",
    excludes: onlyWith("generate"),
  },
  "disable-rack-aware": {
    description: "With --generate: where the brokers' racks don't matter.",
    excludes: onlyWith("generate"),
  },
  additional: {
    description: "With --execute: even if others are moving.",
    excludes: onlyWith("execute"),
  },
  "disallow-replication-factor-change": {
    description: "With --execute: only if each partition keeps as many replicas as it has.",
    excludes: onlyWith("execute"),
  },
  "preserve-throttles": {
    description: "Leave limits of earlier moves set.",
    excludes: onlyWith("verify", "cancel"),
  },
  throttle: {
    type: "integer",
    takes: "bytes/sec",
    description: "Refused: with one broker nothing is copied from one to the other.",
    excludes: onlyWith("execute"),
  },
  "replica-alter-log-dirs-throttle": {
    type: "integer",
    takes: "bytes/sec",
    description: "Refused: partitions aren't moved from one log directory to another.",
    excludes: onlyWith("execute"),
  },
  timeout: {
    type: "integer",
    takes: "ms",
    description: "Means nothing: nothing is waited for.",
    default: "10000",
  },
} as const;

export type ReassignGiven = Given<typeof reassignOptions>;

const neededFor = {
  generate: ["topics-to-move-json-file", "broker-list"],
  execute: ["reassignment-json-file"],
  verify: ["reassignment-json-file"],
  cancel: ["reassignment-json-file"],
  list: [],
} as const satisfies Record<ActionName, readonly (keyof ReassignGiven)[]>;

/**
 * The one thing that is to be done, with all that it needs.
 *
 * @throws WrongUse
 */
export function chosenAction(given: ReassignGiven): ActionName {
  const chosen = actions.filter((name) => given[name]);
  const [action] = chosen;
  if (action === undefined || chosen.length > 1) {
    throw new WrongUse(
      `Command must include exactly one action: ${actions.map((name) => `--${name}`).join(", ")}`,
    );
  }
  const needed: readonly (keyof ReassignGiven)[] = neededFor[action];
  const missing = needed.find((name) => given[name] === undefined);
  if (missing !== undefined) throw new WrongUse(`Missing required argument "[${missing}]"`);
  return action;
}
