/**
 * Describing groups: offsets and lag, members, or state.
 */
import type { KafkaClient } from "../../../client/client.ts";
import type { Output } from "../../output.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { describeGroup, type GroupDescription } from "../admin/groups.ts";
import { membersText } from "./members.ts";
import { groupOffsets, offsetsText } from "./offsets.ts";
import type { GroupsGiven } from "./options.ts";
import { coordinatorOf, stateText } from "./state.ts";

const rebalancing = new Set(["PreparingRebalance", "CompletingRebalance", "Assigning", "Reconciling"]);
const settled = new Set(["Stable", "Empty", "Dead"]);

/** Prints what was asked for of each group, and resolves to whether there are all of them. */
export async function describe(
  client: KafkaClient,
  names: readonly string[],
  given: GroupsGiven,
  output: Output,
  json: boolean,
): Promise<boolean> {
  const groups = await Promise.all(names.toSorted().map((name) => describeGroup(client, name)));
  const described = [];
  for (const group of groups) {
    if (json) described.push(await jsonOf(client, group));
    else await print(client, group, given, output);
  }
  if (json) output.line(JSON.stringify(described));
  return groups.every(({ state }) => state !== "Dead");
}

async function print(
  client: KafkaClient,
  group: GroupDescription,
  given: GroupsGiven,
  output: Output,
): Promise<void> {
  const { verbose } = given;
  if (given.members) {
    if (tellOfState(group, output) && group.members.length > 0) output.line(membersText(group, verbose));
    else output.line(membersText({ ...group, members: [] }, verbose));
    return;
  }
  if (given.state !== undefined) {
    if (tellOfState(group, output)) {
      output.line(stateText(group, await coordinatorOf(client, group.group), verbose));
    }
    return;
  }
  const rows = await groupOffsets(client, group);
  if (tellOfState(group, output) && rows.length > 0) output.line(offsetsText(rows, verbose));
}

/** Says what is special about a group's state, and returns whether there is such a group. */
function tellOfState({ group, state }: GroupDescription, output: Output): boolean {
  if (state === "Dead") output.line(`\nError: Consumer group '${group}' does not exist.`);
  else if (state === "Empty") output.complain(`\nConsumer group '${group}' has no active members.`);
  else if (rebalancing.has(state)) output.complain(`\nWarning: Consumer group '${group}' is rebalancing.`);
  else if (!settled.has(state)) {
    throw new ToolFailure(`Expected a valid consumer group state, but found '${state}'.`);
  }
  return state !== "Dead";
}

async function jsonOf(client: KafkaClient, group: GroupDescription) {
  const offsets = await groupOffsets(client, group);
  return {
    ...group,
    coordinator: await coordinatorOf(client, group.group),
    offsets: offsets.map(({ group: _, ...row }) => row),
  };
}
