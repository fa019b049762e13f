/**
 * What is asked of a broker to see how it treats classic groups: requests that wait for each other, and time that
 * passes. Every scenario has a group of its own.
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

export type Step = Ask | { readonly passMs: number };

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Broker configs that the scenarios count on. */
export const CONFIGS = [
  "group.min.session.timeout.ms=1000",
  "group.initial.rebalance.delay.ms=500",
  "group.max.size=4",
];
/** How long after each request the next one is sent. */
export const PAUSE_MS = 200;

const SESSION_MS = 30_000;
const REBALANCE_MS = 60_000;
const RANGE = { range: subscription(["t"]) };
const BOTH = { range: subscription(["t"]), sticky: subscription(["t"]) };
const OTHER = { range: subscription(["other"]) };

interface Joins {
  v?: number;
  member?: string;
  instance?: string;
  type?: string;
  protocols?: Record<string, Uint8Array>;
  sessionMs?: number;
  rebalanceMs?: number;
}

function join(as: string, { v = 9, member = "", ...options }: Joins = {}): Ask {
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

function sync(as: string, member: string, generationId: number, { v = 5, ...options }: Syncs = {}): Ask {
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

function beat(as: string, member: string, generationId: number, instance: string | null = null): Ask {
  const body = { generationId, memberId: member, groupInstanceId: instance };
  return { as, api: "Heartbeat", version: 4, body };
}

function leave(as: string, ...members: [memberId: string, groupInstanceId?: string][]): Ask {
  const leaving = members.map(([memberId, groupInstanceId = null]) => ({ memberId, groupInstanceId }));
  return { as, api: "LeaveGroup", version: 5, body: { members: leaving } };
}

function leaveAlone(as: string, memberId: string): Ask {
  return { as, api: "LeaveGroup", version: 2, body: { memberId } };
}

function describe(as: string, version = 6): Ask {
  return { as, api: "DescribeGroups", version, body: {} };
}

const pass = (passMs: number): Step => ({ passMs });

/** Both members of a stable group of two: `a` leads, `b` follows. */
const pair = (options: Joins = {}): Step[] => [
  join("a", options),
  join("b", options),
  join("a1", { ...options, member: "$a" }),
  join("b1", { ...options, member: "$b" }),
  pass(1_500),
  sync("b2", "$b", 1),
  sync("a2", "$a", 1, { assign: { $a: "one", $b: "two" } }),
];

/** The same of static members. */
const staticPair = (options: Joins = {}): Step[] => [
  join("a", { ...options, instance: "ia" }),
  join("b", { ...options, instance: "ib" }),
  pass(1_500),
  sync("b2", "$b", 1, { instance: "ib" }),
  sync("a2", "$a", 1, { instance: "ia", assign: { $a: "one", $b: "two" } }),
];

export const scenarios: readonly Scenario[] = [
  {
    name: "a group of two comes to be, is heard of, and ends",
    steps: [
      describe("before"),
      describe("before in version 5", 5),
      join("a"),
      describe("empty"),
      join("a1", { member: "$a" }),
      describe("preparing"),
      pass(1_000),
      describe("completing"),
      beat("beat of a", "$a", 1),
      join("b"),
      join("b1", { member: "$b" }),
      beat("beat of a in rebalance", "$a", 1),
      join("a2", { member: "$a" }),
      beat("old generation", "$a", 1),
      sync("b2", "$b", 2),
      beat("beat of b", "$b", 2),
      sync("a3", "$a", 2, { assign: { $a: "one", $b: "two" } }),
      describe("stable"),
      sync("b again", "$b", 2),
      sync("a with another assignment", "$a", 2, { assign: { $a: "other" } }),
      beat("stable beat", "$b", 2),
      leave("a leaves", ["$a"]),
      beat("after a has left", "$a", 2),
      beat("b after a has left", "$b", 2),
      join("b3", { member: "$b" }),
      sync("b4", "$b", 3, { assign: { $b: "all" } }),
      leaveAlone("b leaves", "$b"),
      describe("empty again"),
      beat("nobody is left", "$b", 4),
      sync("nobody syncs", "$b", 4),
      join("nobody joins again", { member: "$b" }),
    ],
  },
  {
    name: "old versions join at once",
    steps: [
      join("v0", { v: 0, sessionMs: 20_000 }),
      join("v3", { v: 3 }),
      pass(1_500),
      sync("v3 syncs", "$v3", 1, { v: 0 }),
      sync("v0 syncs", "$v0", 1, { v: 1, assign: { $v3: "three", $v0: "zero" } }),
    ],
  },
  {
    name: "joins that are refused",
    steps: [
      join("short session", { sessionMs: 999 }),
      join("long session", { sessionMs: 1_800_001 }),
      join("unknown member", { member: "nobody" }),
      ...pair(),
      join("other type", { type: "connect" }),
      join("other protocol", { protocols: { sticky: subscription(["t"]) } }),
      join("no protocols", { protocols: {} }),
      join("no type", { type: "" }),
      join("unknown member of the group", { member: "nobody" }),
      join("unknown instance", { member: "$a", instance: "nobody" }),
      join("member's other type", { member: "$a", type: "connect" }),
      join("old version refused", { v: 2, type: "connect" }),
      join("c"),
      join("d"),
      join("c1", { member: "$c" }),
      join("d1", { member: "$d" }),
      join("fifth"),
      join("a5", { member: "$a" }),
      join("b5", { member: "$b" }),
      join("sixth"),
    ],
  },
  {
    name: "syncs that are refused",
    steps: [
      sync("no group", "nobody", 1),
      join("a"),
      sync("empty group", "$a", 1),
      join("a1", { member: "$a" }),
      sync("while it is joined", "$a", 0),
      pass(1_000),
      sync("unknown member", "nobody", 1),
      sync("unknown instance", "$a", 1, { instance: "nobody" }),
      sync("old generation", "$a", 0),
      sync("next generation", "$a", 2),
      sync("other type", "$a", 1, { type: "connect" }),
      sync("other protocol", "$a", 1, { protocol: "sticky" }),
      sync("no type", "$a", 1, { type: null }),
      sync("no protocol", "$a", 1, { protocol: null }),
      sync("version 4 without names", "$a", 1, { v: 4, type: null, protocol: null, assign: { $a: "all" } }),
    ],
  },
  {
    name: "heartbeats and departures of strangers",
    steps: [
      beat("no group", "nobody", 1),
      leave("no group to leave", ["nobody"], ["", "instance"]),
      leaveAlone("no group to leave alone", "nobody"),
      ...pair(),
      beat("unknown", "nobody", 1),
      beat("unknown instance", "$a", 1, "nobody"),
      leave("strangers", ["nobody"], ["", "instance"], [""]),
      leaveAlone("stranger", "nobody"),
      beat("still well", "$a", 1),
      join("pending"),
      leave("a member id is given back", ["$pending"]),
      leave("a and again", ["$a"], ["$a"], ["$b", "nobody"]),
    ],
  },
  {
    name: "members join again",
    steps: [
      ...pair({ protocols: BOTH }),
      join("follower unchanged", { member: "$b", protocols: BOTH }),
      join("follower changed", { member: "$b", protocols: OTHER }),
      beat("leader in rebalance", "$a", 1),
      join("leader", { member: "$a", protocols: BOTH }),
      join("follower before the assignment", { member: "$b", protocols: OTHER }),
      join("leader before the assignment", { member: "$a", protocols: BOTH }),
      sync("follower waits", "$b", 2),
      join("leader changed before the assignment", { member: "$a", protocols: OTHER }),
      join("follower once more", { member: "$b", protocols: OTHER }),
    ],
  },
  {
    name: "votes",
    steps: [
      join("a", { v: 3, protocols: BOTH }),
      join("b", { v: 3, protocols: { sticky: subscription(["b"]), range: subscription(["b"]) } }),
      join("c", { v: 3, protocols: { sticky: subscription(["c"]), range: subscription(["c"]) } }),
      pass(2_000),
    ],
  },
  {
    name: "static members come back",
    steps: [
      ...staticPair(),
      describe("stable"),
      join("follower", { instance: "ib" }),
      beat("former follower", "$b", 1, "ib"),
      beat("former follower without instance", "$b", 1),
      sync("former follower syncs", "$b", 1, { instance: "ib" }),
      join("former follower joins", { instance: "ib", member: "$b" }),
      sync("follower syncs", "$follower", 1, { instance: "ib" }),
      join("leader", { instance: "ia" }),
      join("leader in version 8", { instance: "ia", v: 8 }),
      join("leader in version 5", { instance: "ia", v: 5 }),
      join("follower in version 5", { instance: "ib", v: 5 }),
      beat("leader is well", "$leader in version 5", 1, "ia"),
      describe("still stable"),
      leave("by instance", ["", "ib"], ["", "nobody"]),
      join("leader joins again", { instance: "ia", member: "$leader in version 5" }),
    ],
  },
  {
    name: "static members come back in the middle of a rebalance",
    steps: [
      join("a", { instance: "ia" }),
      join("b", { instance: "ib" }),
      pass(1_500),
      sync("follower waits", "$b", 1, { instance: "ib" }),
      join("b1", { instance: "ib" }),
      join("b2", { instance: "ib" }),
      join("a1", { instance: "ia", member: "$a" }),
      sync("a2", "$a", 2, { instance: "ia", assign: { $a: "one", $b2: "two" } }),
      sync("b3", "$b2", 2, { instance: "ib" }),
    ],
  },
  {
    name: "a static member comes back with other protocols",
    steps: [
      ...staticPair({ protocols: BOTH }),
      join("same protocol", { instance: "ib", protocols: RANGE }),
      join("other subscription", { instance: "ib", protocols: OTHER }),
      beat("a", "$a", 1, "ia"),
    ],
  },
  {
    name: "sessions end",
    steps: [
      ...pair({ sessionMs: 3_000 }),
      beat("a is well", "$a", 1),
      pass(2_000),
      beat("a is well again", "$a", 1),
      pass(2_000),
      beat("a is to join", "$a", 1),
      beat("b is gone", "$b", 1),
      join("a3", { member: "$a", sessionMs: 3_000 }),
      describe("a alone"),
      pass(4_000),
      describe("nobody"),
    ],
  },
  {
    name: "a rebalance takes no longer than its timeout",
    steps: [
      ...pair({ rebalanceMs: 2_000 }),
      join("b3", { member: "$b", rebalanceMs: 2_000, protocols: OTHER }),
      pass(1_000),
      describe("preparing"),
      pass(1_500),
      describe("completing"),
      beat("a is out", "$a", 1),
    ],
  },
  {
    name: "who doesn't sync is out",
    steps: [
      join("a", { v: 3, rebalanceMs: 2_000 }),
      join("b", { v: 3, rebalanceMs: 2_000 }),
      pass(800),
      sync("b waits", "$b", 1),
      pass(3_000),
      beat("a", "$a", 1),
      join("b1", { member: "$b", rebalanceMs: 2_000 }),
    ],
  },
  {
    name: "a member id that is not used in time",
    steps: [join("a", { sessionMs: 1_000 }), pass(1_500), join("a1", { member: "$a", sessionMs: 1_000 })],
  },
  {
    name: "a rebalance waits for a member id to be used",
    steps: [
      ...pair(),
      join("c", { sessionMs: 2_000 }),
      join("a3", { member: "$a" }),
      join("b3", { member: "$b" }),
      pass(2_500),
      describe("without c", 5),
    ],
  },
  {
    name: "an instance id with a member id that was handed out",
    steps: [
      join("a"),
      join("a1", { member: "$a", instance: "ia" }),
      join("a2", { member: "$a" }),
      pass(1_000),
    ],
  },
  {
    name: "an empty group is joined by another type",
    steps: [
      join("a"),
      join("a1", { member: "$a" }),
      pass(1_000),
      leave("a leaves", ["$a"]),
      join("b", { v: 3, type: "connect", protocols: { v1: subscription([]) } }),
      pass(1_000),
      sync("b1", "$b", 3, { v: 3, type: null, protocol: null, assign: { $b: "work" } }),
      describe("stable"),
    ],
  },
  {
    name: "the only member leaves during the first rebalance",
    steps: [
      join("a"),
      join("a1", { member: "$a" }),
      leave("a leaves", ["$a"]),
      pass(1_000),
      describe("nobody"),
      join("b", { v: 3 }),
      pass(1_000),
    ],
  },
  {
    name: "the first rebalance waits for more members",
    steps: [
      join("a", { v: 3 }),
      pass(100),
      join("b", { v: 3 }),
      pass(350),
      pass(500),
      describe("begun"),
      leave("both leave", ["$a"], ["$b"]),
      describe("left"),
    ],
  },
];
