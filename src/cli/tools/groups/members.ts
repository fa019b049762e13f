/**
 * A group's members as a table.
 */

import type { GroupDescription, GroupMember, TopicPartition } from "../admin/groups.ts";
import { longest, paddedRow } from "../admin/table.ts";
import { byTopic } from "../admin/topics.ts";

const COLUMN = 15;
const INSTANCE_COLUMN = 17;
const ASSIGNMENT_COLUMN = 20;

/** A header, and a row for each member. */
export function membersText({ group, members, assignmentEpoch }: GroupDescription, verbose: boolean): string {
  const withInstances = members.some(({ instanceId }) => instanceId !== "");
  const mixed =
    members.some(({ upgraded }) => upgraded === true) && members.some(({ upgraded }) => upgraded === false);
  const column = (least: number, name: string, text: (member: GroupMember) => string | number) => ({
    name,
    text,
    width: longest(
      members.map((member) => String(text(member))),
      least,
    ),
  });
  const columns = [
    column(COLUMN, "GROUP", () => group),
    column(COLUMN, "CONSUMER-ID", ({ id }) => id),
    ...(withInstances ? [column(INSTANCE_COLUMN, "GROUP-INSTANCE-ID", ({ instanceId }) => instanceId)] : []),
    column(COLUMN, "HOST", ({ host }) => host),
    column(COLUMN, "CLIENT-ID", ({ clientId }) => clientId),
    { ...column(COLUMN, "#PARTITIONS", ({ assignment }) => assignment.length), width: COLUMN },
  ];
  if (verbose) {
    columns.push(
      { ...column(COLUMN, "CURRENT-EPOCH", ({ epoch }) => epoch ?? "-"), width: COLUMN },
      column(ASSIGNMENT_COLUMN, "CURRENT-ASSIGNMENT", ({ assignment }) => assignmentText(assignment)),
      { ...column(COLUMN, "TARGET-EPOCH", () => assignmentEpoch ?? "-"), width: COLUMN },
      column(ASSIGNMENT_COLUMN, "TARGET-ASSIGNMENT", ({ targetAssignment }) =>
        assignmentText(targetAssignment),
      ),
    );
    if (mixed)
      columns.push({ ...column(0, "UPGRADED", ({ upgraded }) => String(upgraded ?? "-")), width: 0 });
  }
  const widths = columns.map(({ width }) => width);
  // Without the verbose columns a blank follows the last one.
  const end = verbose ? "" : " ";
  const row = (cells: readonly (string | number)[]) => `${paddedRow(cells, widths)}${end}`;
  return [
    "",
    row(columns.map(({ name }) => name)),
    ...members.map((member) => row(columns.map(({ text }) => text(member)))),
  ].join("\n");
}

/** `topic:0,1;other:2`, or a dash for nothing. */
function assignmentText(assignment: readonly TopicPartition[]): string {
  if (assignment.length === 0) return "-";
  return [...byTopic(assignment)]
    .map(([topic, partitions]) => {
      const numbers = partitions.map(({ partition }) => partition).sort((a, b) => a - b);
      return `${topic}:${numbers.join(",")}`;
    })
    .sort()
    .join(";");
}
