/**
 * The options of kafka-topics.
 */
import { WrongUse } from "../../command.ts";
import { connectionOptions } from "../../tool/connect.ts";
import type { Given } from "../../tool/option.ts";

const actions = ["alter", "create", "describe", "list", "delete"] as const;
type ActionName = (typeof actions)[number];

/** Which actions an option can't be given with: all but these. */
const onlyWith = (...named: ActionName[]) => actions.filter((action) => !named.includes(action));

const reports = [
  "under-replicated-partitions",
  "under-min-isr-partitions",
  "at-min-isr-partitions",
  "unavailable-partitions",
] as const;

export const topicsOptions = {
  ...connectionOptions,
  list: { description: "List the topics." },
  create: { description: "Create a topic." },
  delete: { description: "Delete topics." },
  alter: { description: "Add partitions to topics. (Their configs are changed by kafka-configs.)" },
  describe: { description: "Show topics with their partitions." },
  topic: {
    type: "string",
    takes: "topic",
    description: "The topic; a regular expression for several, except with --create.",
  },
  "topic-id": { type: "string", takes: "topic-id", description: "The id of a topic to describe." },
  config: {
    type: "string",
    takes: "name=value",
    description: "A config of the topic that is created; may be repeated.",
    repeated: true,
    excludes: onlyWith("alter", "create"),
  },
  "delete-config": {
    type: "string",
    takes: "name",
    description: "Does nothing: kafka-configs removes configs.",
    repeated: true,
  },
  partitions: {
    type: "integer",
    takes: "# of partitions",
    description:
      "How many partitions the topic shall have; what the brokers are set to where it is left out. Adding " +
      "partitions moves keys to other partitions.",
    excludes: onlyWith("alter", "create"),
  },
  "replication-factor": {
    type: "integer",
    takes: "replication factor",
    description: "How many replicas each partition has; what the brokers are set to where it is left out.",
    excludes: onlyWith("create"),
  },
  "replica-assignment": {
    type: "string",
    takes: "broker:broker,broker:broker, ...",
    description: "The brokers of each partition's replicas, the partitions separated by commas.",
    excludes: onlyWith("alter", "create"),
  },
  "under-replicated-partitions": {
    description: "Describe only partitions with replicas that are not in sync.",
    excludes: [...onlyWith("describe"), "topics-with-overrides"],
  },
  "unavailable-partitions": {
    description: "Describe only partitions without a leader that is alive.",
    excludes: [...onlyWith("describe"), "topics-with-overrides"],
  },
  "under-min-isr-partitions": {
    description: "Describe only partitions with fewer replicas in sync than min.insync.replicas.",
    excludes: [...onlyWith("describe"), "topics-with-overrides"],
  },
  "at-min-isr-partitions": {
    description: "Describe only partitions with just min.insync.replicas replicas in sync.",
    excludes: [...onlyWith("describe"), "topics-with-overrides"],
  },
  "topics-with-overrides": {
    description: "Describe only topics with configs of their own, without their partitions.",
    excludes: [...onlyWith("describe"), ...reports],
  },
  "if-exists": {
    description: "Do nothing where the topic to alter, delete or describe doesn't exist.",
    excludes: onlyWith("alter", "delete", "describe"),
  },
  "if-not-exists": {
    description: "Do nothing where the topic to create exists.",
    excludes: onlyWith("create"),
  },
  "exclude-internal": {
    description: "Leave the brokers' own topics out.",
    excludes: onlyWith("list", "describe"),
  },
  "partition-size-limit-per-response": {
    type: "integer",
    takes: "maximum number of partitions per response",
    description: "How many partitions are asked for at a time with --describe.",
  },
} as const;

export type TopicsGiven = Given<typeof topicsOptions>;

/**
 * The one thing that is to be done.
 *
 * @throws WrongUse
 */
export function chosenAction(given: TopicsGiven): ActionName {
  const chosen = actions.filter((action) => given[action]);
  const [action] = chosen;
  if (action === undefined || chosen.length > 1) {
    throw new WrongUse(
      "Command must include exactly one action: --list, --describe, --create, --alter or --delete",
    );
  }
  checkRequired(given, action);
  return action;
}

function checkRequired(given: TopicsGiven, action: ActionName): void {
  const missing = (name: string) => new WrongUse(`Missing required argument "[${name}]"`);
  if (
    action === "describe" &&
    given["if-exists"] &&
    given.topic === undefined &&
    given["topic-id"] === undefined
  ) {
    throw new WrongUse("--topic or --topic-id is required to describe a topic");
  }
  if (action !== "list" && action !== "describe" && given.topic === undefined) throw missing("topic");
  if (action === "alter") {
    if (given.config.length > 0) {
      throw new WrongUse(
        'Option "[alter]" can\'t be used with option "[config]" (the kafka-configs tool alters configs)',
      );
    }
    if (given.partitions === undefined) throw missing("partitions");
  }
  if (action === "create" && given["replica-assignment"] !== undefined) {
    const excluded = (["partitions", "replication-factor"] as const).find(
      (name) => given[name] !== undefined,
    );
    if (excluded !== undefined) {
      throw new WrongUse(`Option "[replica-assignment]" can't be used with option "[${excluded}]"`);
    }
  }
}
