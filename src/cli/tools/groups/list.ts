/**
 * Listing groups.
 */
import type { KafkaClient } from "../../../client/client.ts";
import { WrongUse } from "../../command.ts";
import type { Output } from "../../output.ts";
import { listGroups } from "../admin/groups.ts";
import { longest, paddedRow } from "../admin/table.ts";
import type { GroupsGiven } from "./options.ts";

const states = [
  "Dead",
  "PreparingRebalance",
  "CompletingRebalance",
  "Stable",
  "Empty",
  "Assigning",
  "Reconciling",
];
const types = ["Classic", "Consumer"];

const COLUMN = 20;
const GROUP_AT_LEAST = 15;
const GROUP_GAP = 10;

/** Prints the groups, with their types and states where those were asked for. */
export async function list(
  client: KafkaClient,
  given: GroupsGiven,
  output: Output,
  json: boolean,
): Promise<void> {
  const wantedStates = chosen("state", given.state, states);
  const wantedTypes = chosen("type", given.type, types);
  const groups = await listGroups(client, wantedStates, wantedTypes);
  if (json) {
    output.line(JSON.stringify(groups));
    return;
  }
  const columns = [
    ...(given.type === undefined ? [] : (["type"] as const)),
    ...(given.state === undefined ? [] : (["state"] as const)),
  ];
  if (columns.length === 0) {
    for (const { group } of groups) output.line(group);
    return;
  }
  const width = longest(
    groups.map(({ group }) => group),
    GROUP_AT_LEAST,
  );
  const widths = [width + GROUP_GAP, COLUMN, COLUMN];
  output.line(paddedRow(["GROUP", ...columns.map((column) => column.toUpperCase())], widths));
  for (const group of groups) {
    output.line(paddedRow([group.group, ...columns.map((column) => group[column])], widths));
  }
}

/** The names of `known` that a list names, however they are written. */
function chosen(what: string, text: string | undefined, known: readonly string[]): string[] {
  if (!text) return [];
  return text.split(",").map((word) => {
    const name = known.find((one) => one.toLowerCase() === word.trim().toLowerCase().replaceAll("_", ""));
    if (name !== undefined) return name;
    throw new WrongUse(`Invalid ${what} list '${text}'. Valid ${what}s are: ${known.join(", ")}`);
  });
}
