/**
 * kafka-consumer-groups: lists, describes and deletes groups, and sets their offsets.
 */
import type { KafkaClient } from "../../../client/client.ts";
import { topicRegex } from "../../../group/consumer/regex/regex.ts";
import { RegexSyntaxError } from "../../../group/consumer/regex/syntax-error.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import type { Output } from "../../output.ts";
import { failureText, failureTextOfJava } from "../../tool/failure.ts";
import { type ToolContext, tool } from "../../tool/tool.ts";
import { listGroups } from "../admin/groups.ts";
import { deleteGroups, deleteOffsets } from "./delete.ts";
import { describe } from "./describe.ts";
import { list } from "./list.ts";
import { chosenAction, type GroupsGiven, groupsOptions } from "./options.ts";
import { PartitionsError, resetOffsets } from "./reset.ts";

export const consumerGroups = tool({
  description: "Lists, describes and deletes consumer groups, and sets their offsets.",
  options: groupsOptions,
  json: true,
  async run(given, context) {
    const action = chosenAction(given);
    if (action === "validate-regex") return validateRegex(given["validate-regex"] ?? "", context.output);
    const client = context.connect(given, new Map([["default.api.timeout.ms", String(given.timeout)]]));
    try {
      const succeeded = await act(action, client, given, context);
      return succeeded || !context.friendly ? 0 : 1;
    } catch (error) {
      const text = error instanceof KafkaError ? kafkaErrorText(error) : failureText(error);
      if (text === null) throw error;
      context.output.line(`\nError: Executing consumer group command failed due to ${text}`);
      // Kafka's tool tells of the failure, and ends as if there had been none.
      return context.friendly ? 1 : 0;
    }
  },
});

/** Does it, and resolves to whether all of it could be done. */
async function act(
  action: Exclude<ReturnType<typeof chosenAction>, "validate-regex">,
  client: KafkaClient,
  given: GroupsGiven,
  { output, json }: ToolContext,
): Promise<boolean> {
  if (action === "list") {
    await list(client, given, output, json);
    return true;
  }
  const groups = given["all-groups"]
    ? (await listGroups(client)).map(({ group }) => group)
    : [...new Set(given.group)];
  if (action === "describe") return describe(client, groups, given, output, json);
  if (action === "delete") return deleteGroups(client, groups, output);
  if (action === "delete-offsets") return deleteOffsets(client, groups[0] ?? "", given.topic, output);
  return resetOffsets(client, groups, given, output, json);
}

/** What the tool finds out by itself is told without the name of Java's exception. */
function kafkaErrorText(error: KafkaError): string | null {
  return error instanceof PartitionsError ? error.message : failureTextOfJava(error);
}

function validateRegex(regex: string, output: Output): number {
  try {
    topicRegex(regex);
    output.line(`The regular expression \`${regex}\` is valid.`);
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    output.line(`The regular expression \`${regex}\` is invalid: ${error.message}.`);
  }
  return 0;
}
