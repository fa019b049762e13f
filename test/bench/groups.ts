/**
 * `bun run bench:groups`: what many classic groups cost. How much of a core 1,000 groups of three members take while
 * they only heartbeat, and how long a group of 200 members takes from the first join to the last assignment.
 * Nothing is asserted: times are the machine's.
 */

import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../src/protocol/messages/find-coordinator.ts";
import { HeartbeatRequest, HeartbeatResponse } from "../../src/protocol/messages/heartbeat.ts";
import { JoinGroupRequest, JoinGroupResponse } from "../../src/protocol/messages/join-group.ts";
import { SyncGroupRequest, SyncGroupResponse } from "../../src/protocol/messages/sync-group.ts";
import { removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { RawClient } from "../support/raw-client.ts";
import { cpuSeconds } from "./process-usage.ts";

const GROUPS = 1000;
const MEMBERS_OF_EACH = 3;
const GROUPS_AT_A_TIME = 100;
const LARGE_GROUP = 200;
/** What clients do by default. */
const HEARTBEAT_INTERVAL_MS = 3000;
const ROUNDS = 4;
const JOIN_VERSION = 5;

interface Member {
  readonly client: RawClient;
  readonly groupId: string;
  readonly memberId: string;
  readonly generationId: number;
}

async function join(client: RawClient, groupId: string, memberId: string) {
  return client.request(JoinGroupRequest, JoinGroupResponse, JOIN_VERSION, {
    groupId,
    memberId,
    sessionTimeoutMs: 45_000,
    rebalanceTimeoutMs: 60_000,
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: Buffer.from("0000", "hex") }],
  });
}

/** Brings members into a group, each by a connection of its own, and has the leader assign something to each. */
async function settle(clients: readonly RawClient[], groupId: string): Promise<Member[]> {
  const ids = await Promise.all(clients.map(async (client) => (await join(client, groupId, "")).memberId));
  const joined = await Promise.all(clients.map((client, index) => join(client, groupId, ids[index] ?? "")));
  await Promise.all(
    joined.map(({ memberId, generationId, leader, members }, index) =>
      clients[index]?.request(SyncGroupRequest, SyncGroupResponse, 3, {
        groupId,
        generationId,
        memberId,
        assignments:
          memberId === leader
            ? members.map((one) => ({ memberId: one.memberId, assignment: Buffer.alloc(40) }))
            : [],
      }),
    ),
  );
  return joined.flatMap(({ memberId, generationId }, index) => {
    const client = clients[index];
    return client === undefined ? [] : [{ client, groupId, memberId, generationId }];
  });
}

async function heartbeat({ client, groupId, generationId, memberId }: Member): Promise<void> {
  const { errorCode } = await client.request(HeartbeatRequest, HeartbeatResponse, 3, {
    groupId,
    generationId,
    memberId,
  });
  if (errorCode !== 0) throw new Error(`a heartbeat in ${groupId} is answered with error ${errorCode}`);
}

/** Members of a group join within this time; one that came later would wait for the others to join again. */
const JOIN_TOGETHER_MS = 500;

const broker = await startBroker({ properties: { "group.initial.rebalance.delay.ms": JOIN_TOGETHER_MS } });
const connect = (count: number) =>
  Promise.all(Array.from({ length: count }, () => RawClient.connect(broker.port)));

const large = await connect(LARGE_GROUP);
await large[0]?.request(FindCoordinatorRequest, FindCoordinatorResponse, 3, { key: "large", keyType: 0 });
const started = performance.now();
await settle(large, "large");
console.log(`a group of ${LARGE_GROUP} members settles in ${(performance.now() - started).toFixed(0)} ms`);
for (const client of large) client.close();

const members: Member[] = [];
for (let first = 0; first < GROUPS; first += GROUPS_AT_A_TIME) {
  const ids = Array.from({ length: GROUPS_AT_A_TIME }, (_, index) => `group-${first + index}`);
  const settled = await Promise.all(ids.map(async (id) => settle(await connect(MEMBERS_OF_EACH), id)));
  members.push(...settled.flat());
}
let before = 0;
let from = 0;
// The first round is there to warm up.
for (let round = 0; round <= ROUNDS; round++) {
  if (round === 1) {
    before = cpuSeconds(broker.pid);
    from = performance.now();
  }
  const end = performance.now() + HEARTBEAT_INTERVAL_MS;
  const answers: Promise<void>[] = [];
  // Spread over the interval, as clients that know nothing of each other are.
  for (const [index, member] of members.entries()) {
    const due = end - HEARTBEAT_INTERVAL_MS + (index / members.length) * HEARTBEAT_INTERVAL_MS;
    if (performance.now() < due) await Bun.sleep(due - performance.now());
    answers.push(heartbeat(member));
  }
  await Promise.all(answers);
  await Bun.sleep(Math.max(0, end - performance.now()));
}
const share = (cpuSeconds(broker.pid) - before) / ((performance.now() - from) / 1000);
console.log(
  `${GROUPS} groups of ${MEMBERS_OF_EACH} members, a heartbeat every ${HEARTBEAT_INTERVAL_MS / 1000} s each: ` +
    `${(share * 100).toFixed(1)} % of a core`,
);
for (const { client } of members) client.close();
await broker.stop();
removeTemporaryFolders();
