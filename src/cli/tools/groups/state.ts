/**
 * A group's state as a table.
 */
import type { KafkaClient } from "../../../client/client.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../protocol/messages/find-coordinator.ts";
import type { GroupDescription } from "../admin/groups.ts";
import { paddedRow } from "../admin/table.ts";

const COORDINATOR_AT_LEAST = 25;
const GROUP_AT_LEAST = 15;

export interface Coordinator {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** The broker that coordinates a group. */
export async function coordinatorOf(client: KafkaClient, group: string): Promise<Coordinator> {
  const answer = await client.send({ group }, FindCoordinatorRequest, FindCoordinatorResponse, {
    key: group,
    keyType: 0,
    coordinatorKeys: [group],
  });
  const { nodeId, host, port } = answer.coordinators[0] ?? answer;
  return { id: nodeId, host, port };
}

/** A header and a row. */
export function stateText(group: GroupDescription, coordinator: Coordinator, verbose: boolean): string {
  const where = `${coordinator.host}:${coordinator.port}  (${coordinator.id})`;
  const widths = [
    Math.max(GROUP_AT_LEAST, group.group.length),
    Math.max(COORDINATOR_AT_LEAST, where.length),
    ...[20, 20],
    ...(verbose ? [15, 25] : []),
  ];
  const epochs = [group.groupEpoch ?? "-", group.assignmentEpoch ?? "-"];
  const header = [
    ...["GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE"],
    ...(verbose ? ["GROUP-EPOCH", "TARGET-ASSIGNMENT-EPOCH"] : []),
    "#MEMBERS",
  ];
  const row = [
    ...[group.group, where, group.assignor || "-", group.state],
    ...(verbose ? epochs : []),
    group.members.length,
  ];
  return ["", paddedRow(header, widths), paddedRow(row, widths)].join("\n");
}
