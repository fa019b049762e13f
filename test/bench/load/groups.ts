/**
 * Classic groups of one member each, and their heartbeats as ready-made frames.
 */
import { ErrorCode } from "../../../src/protocol/errors.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../src/protocol/messages/find-coordinator.ts";
import { HeartbeatRequest, HeartbeatResponse } from "../../../src/protocol/messages/heartbeat.ts";
import { JoinGroupRequest, JoinGroupResponse } from "../../../src/protocol/messages/join-group.ts";
import { SyncGroupRequest, SyncGroupResponse } from "../../../src/protocol/messages/sync-group.ts";
import { framed, RawClient, readResponse, requestFrame } from "../../support/raw-client.ts";

const HEARTBEAT_VERSION = 3;
const CORRELATION_ID = 7;
/** So long that no group falls apart between two runs. */
const SESSION_TIMEOUT_MS = 1_800_000;
/** Groups that are made at the same time. */
const AT_ONCE = 50;
/** The topic of the groups is made when a coordinator is first asked for. */
const COORDINATOR_WITHIN_MS = 30_000;

/** Makes groups of these names, and returns a heartbeat of each one's member. */
export async function settleGroups(port: number, names: readonly string[]): Promise<Buffer[]> {
  const clients = await Promise.all(Array.from({ length: AT_ONCE }, () => RawClient.connect(port)));
  const [first] = clients;
  if (first !== undefined) await findCoordinator(first, names[0] ?? "");
  const frames: Buffer[] = [];
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = names.slice(from, from + AT_ONCE);
    const settled = some.map((name, index) => settle(clients[index] ?? first, name));
    frames.push(...(await Promise.all(settled)));
  }
  for (const client of clients) client.close();
  return frames;
}

async function findCoordinator(client: RawClient, key: string): Promise<void> {
  const deadline = performance.now() + COORDINATOR_WITHIN_MS;
  const asked = { key, keyType: 0 };
  for (;;) {
    const { errorCode } = await client.request(FindCoordinatorRequest, FindCoordinatorResponse, 3, asked);
    if (errorCode === ErrorCode.NONE) return;
    if (performance.now() > deadline) throw new Error(`there is no coordinator: error ${errorCode}`);
    await Bun.sleep(50);
  }
}

/** Makes a group of one member, the coordinator having loaded what it is kept in. */
async function settle(client: RawClient | undefined, groupId: string): Promise<Buffer> {
  if (client === undefined) throw new Error("there is no connection to join a group by");
  const join = (memberId: string) =>
    client.request(JoinGroupRequest, JoinGroupResponse, 5, {
      groupId,
      memberId,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      rebalanceTimeoutMs: 60_000,
      protocolType: "consumer",
      protocols: [{ name: "range", metadata: Buffer.from("0000", "hex") }],
    });
  let joined = await join("");
  while (joined.errorCode !== ErrorCode.NONE) {
    const { MEMBER_ID_REQUIRED, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR } = ErrorCode;
    const mayBeAskedAgain = [MEMBER_ID_REQUIRED, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR] as number[];
    if (!mayBeAskedAgain.includes(joined.errorCode)) throw new Error(`a join fails: ${joined.errorCode}`);
    if (joined.errorCode !== MEMBER_ID_REQUIRED) await Bun.sleep(50);
    joined = await join(joined.memberId);
  }
  const { memberId, generationId } = joined;
  const assignments = [{ memberId, assignment: Buffer.alloc(40) }];
  const member = { groupId, memberId, generationId };
  await client.request(SyncGroupRequest, SyncGroupResponse, 3, { ...member, assignments });
  return framed(requestFrame(HeartbeatRequest, HEARTBEAT_VERSION, CORRELATION_ID, member, "bench"));
}

/** Throws unless a heartbeat's answer is that all is well. */
export function checkHeartbeat(answer: Buffer): void {
  const { errorCode } = readResponse(HeartbeatResponse, HEARTBEAT_VERSION, CORRELATION_ID, answer);
  if (errorCode !== ErrorCode.NONE) throw new Error(`a heartbeat is answered with error ${errorCode}`);
}
