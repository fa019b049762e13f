/**
 * The steps of a scenario: requests that wait for each other, and time that passes.
 *
 * A string `$name` stands for the member id that the request labelled `name` was answered with.
 */
import { subscription } from "../support/requests.ts";

/** A request, sent on a connection of its own; its reply comes when it comes. */
export interface Ask {
  readonly as: string;
  readonly api: "JoinGroup" | "SyncGroup" | "Heartbeat" | "LeaveGroup" | "DescribeGroups";
  readonly version: number;
  readonly body: object;
}

type Step = Ask | { readonly passMs: number };

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** How long after each request the next one is sent. */
export const PAUSE_MS = 200;

const SESSION_MS = 30_000;
const REBALANCE_MS = 60_000;
export const RANGE = { range: subscription(["t"]) };
export const BOTH = { range: subscription(["t"]), sticky: subscription(["t"]) };
export const OTHER = { range: subscription(["other"]) };

interface Joins {
  v?: number;
  member?: string;
  instance?: string;
  type?: string;
  protocols?: Record<string, Uint8Array>;
  sessionMs?: number;
  rebalanceMs?: number;
}

export function join(as: string, { v = 9, member = "", ...options }: Joins = {}): Ask {
  const body = {
    sessionTimeoutMs: options.sessionMs ?? SESSION_MS,
    rebalanceTimeoutMs: options.rebalanceMs ?? REBALANCE_MS,
    memberId: member,
    groupInstanceId: options.instance ?? null,
    protocolType: options.type ?? "consumer",
    protocols: Object.entries(options.protocols ?? RANGE).map(([name, metadata]) => ({ name, metadata })),
  };
  return { as, api: "JoinGroup", version: v, body };
}

interface Syncs {
  v?: number;
  instance?: string;
  type?: string | null;
  protocol?: string | null;
  assign?: Record<string, string>;
}

export function sync(
  as: string,
  member: string,
  generationId: number,
  { v = 5, ...options }: Syncs = {},
): Ask {
  const body = {
    generationId,
    memberId: member,
    groupInstanceId: options.instance ?? null,
    protocolType: options.type === undefined ? "consumer" : options.type,
    protocolName: options.protocol === undefined ? "range" : options.protocol,
    assignments: Object.entries(options.assign ?? {}).map(([memberId, text]) => ({
      memberId,
      assignment: Buffer.from(text),
    })),
  };
  return { as, api: "SyncGroup", version: v, body };
}

export function beat(as: string, member: string, generationId: number, instance: string | null = null): Ask {
  const body = { generationId, memberId: member, groupInstanceId: instance };
  return { as, api: "Heartbeat", version: 4, body };
}

export function leave(as: string, ...members: [memberId: string, groupInstanceId?: string][]): Ask {
  const leaving = members.map(([memberId, groupInstanceId = null]) => ({ memberId, groupInstanceId }));
  return { as, api: "LeaveGroup", version: 5, body: { members: leaving } };
}

export function leaveAlone(as: string, memberId: string): Ask {
  return { as, api: "LeaveGroup", version: 2, body: { memberId } };
}

export function describe(as: string, version = 6): Ask {
  return { as, api: "DescribeGroups", version, body: {} };
}

export const pass = (passMs: number): Step => ({ passMs });

/** Both members of a stable group of two: `a` leads, `b` follows. */
export const pair = (options: Joins = {}): Step[] => [
  join("a", options),
  join("b", options),
  join("a1", { ...options, member: "$a" }),
  join("b1", { ...options, member: "$b" }),
  pass(1_500),
  sync("b2", "$b", 1),
  sync("a2", "$a", 1, { assign: { $a: "one", $b: "two" } }),
];

/** The same of static members. */
export const staticPair = (options: Joins = {}): Step[] => [
  join("a", { ...options, instance: "ia" }),
  join("b", { ...options, instance: "ib" }),
  pass(1_500),
  sync("b2", "$b", 1, { instance: "ib" }),
  sync("a2", "$a", 1, { instance: "ia", assign: { $a: "one", $b: "two" } }),
];
