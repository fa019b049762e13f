/**
 * The options of kafka-acls.
 */
import { WrongUse } from "../../command.ts";
import { brokerOrControllerOptions } from "../../tool/connect.ts";
import type { Given } from "../../tool/option.ts";

const resource = (takes: string, description: string) =>
  ({ type: "string", takes, description, repeated: true }) as const;

export const aclOptions = {
  ...brokerOrControllerOptions,
  add: { description: "Add rules." },
  remove: { description: "Remove rules." },
  list: { description: "List rules." },
  topic: resource("topic", "The topics that it is about; * for all."),
  group: resource("group", "The groups that it is about; * for all."),
  "transactional-id": resource("transactional id", "The transactional ids that it is about; * for all."),
  "delegation-token": resource("token", "The delegation tokens that it is about; * for all."),
  "user-principal": resource("user", "The users that it is about."),
  cluster: { description: "It is about the cluster." },
  "resource-pattern-type": {
    type: "string",
    takes: "any, match, literal or prefixed",
    description:
      "What the names stand for: literal, prefixed, or (to list and to remove) match for all rules that have to do " +
      "with a name, any for all rules with that name.",
    default: "literal",
  },
  operation: {
    type: "string",
    takes: "operation",
    description: "What may or may not be done, such as Read or DescribeConfigs; may be repeated.",
    repeated: true,
  },
  "allow-principal": resource("type:name", "Who may do it, such as User:alice."),
  "deny-principal": resource("type:name", "Who may not do it."),
  "allow-host": resource("host", "From where they may; from everywhere when left out."),
  "deny-host": resource("host", "From where they may not; from nowhere when left out."),
  principal: resource("type:name", "With --list: whose rules."),
  producer: { description: "What a producer needs for --topic." },
  idempotent: { description: "With --producer: what an idempotent producer needs." },
  consumer: { description: "What a consumer needs for --topic and --group." },
  force: { description: "Don't ask before removing." },
} as const;

export type AclsGiven = Given<typeof aclOptions>;

/**
 * The one thing that is to be done.
 *
 * @throws WrongUse
 */
export function chosenAction(given: AclsGiven): "add" | "remove" | "list" {
  const chosen = (["add", "remove", "list"] as const).filter((name) => given[name]);
  const [action] = chosen;
  if (action === undefined || chosen.length > 1) {
    throw new WrongUse("Command must include exactly one action: --list, --add, --remove. ");
  }
  if (given.principal.length > 0 && action !== "list") {
    throw new WrongUse("The --principal option is only available if --list is set");
  }
  if (given.producer && given.topic.length === 0)
    throw new WrongUse("With --producer you must specify a --topic");
  if (given.idempotent && !given.producer) {
    throw new WrongUse("The --idempotent option is only available if --producer is set");
  }
  const other = given.cluster || given["transactional-id"].length > 0;
  if (
    given.consumer &&
    (given.topic.length === 0 || given.group.length === 0 || (!given.producer && other))
  ) {
    throw new WrongUse(
      "With --consumer you must specify a --topic and a --group and no --cluster or --transactional-id option " +
        "should be specified.",
    );
  }
  return action;
}
