import { describe, expect, test } from "bun:test";
import type { ClassicGroup } from "../../../../src/group/classic/group.ts";
import { memberTimer } from "../../../../src/group/consumer/timer-keys.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { ConsumerBench } from "./support/bench.ts";
import {
  beatClassic,
  joinClassic,
  leaveClassic,
  partitionsIn,
  rejoinClassic,
  SESSION_MS,
  syncClassic,
} from "./support/classic.ts";
import { beat, fault, GROUP, join, REBALANCE_MS, refusal } from "./support/heartbeats.ts";

/** A consumer group of one member, "new", that has all four partitions of "t" in epoch 2. */
function consumerGroup(): { bench: ConsumerBench; id: string } {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 4);
  join(bench, "new", ["t"]);
  return { bench, id };
}

/** "new" sees its next assignment, and gives up what it isn't to have. */
function makeRoom(bench: ConsumerBench, id: string): void {
  const { memberEpoch } = bench.group().members.get("new") ?? { memberEpoch: 0 };
  beat(bench, { memberId: "new", memberEpoch });
  beat(bench, { memberId: "new", memberEpoch, owned: { [id]: [0, 1] } });
}

function classicGroup(bench: ConsumerBench): ClassicGroup {
  const group = bench.shard.groups.get(GROUP);
  if (group?.type !== "classic") throw new Error("it is no classic group");
  return group;
}

test("a member of the classic protocol is given an id first, and joins with it", () => {
  const { bench, id } = consumerGroup();
  const first = joinClassic(bench, { topics: ["t"] });
  expect(first?.errorCode).toBe(ErrorCode.MEMBER_ID_REQUIRED);
  expect(bench.group().members.size).toBe(1);
  const joined = rejoinClassic(bench, { memberId: first?.memberId ?? "", topics: ["t"] });
  expect(joined).toEqual({ memberId: first?.memberId ?? "", generationId: 3, partitions: {} });
  makeRoom(bench, id);
  expect(beatClassic(bench, joined.memberId, 3)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  expect(rejoinClassic(bench, { memberId: joined.memberId, topics: ["t"] }).partitions).toEqual({
    [id]: [2, 3],
  });
  expect(beatClassic(bench, joined.memberId, 3)).toBe(ErrorCode.NONE);
});

test("before version 4 it joins at once", () => {
  const { bench } = consumerGroup();
  expect(joinClassic(bench, { topics: ["t"], apiVersion: 3 })).toMatchObject({
    errorCode: ErrorCode.NONE,
    generationId: 3,
    protocolName: "range",
    protocolType: "consumer",
    leader: "",
    members: [],
  });
});

test("it waits for what others haven't given up without being sent to join again and again", () => {
  const { bench } = consumerGroup();
  const { memberId } = rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
  expect(beatClassic(bench, memberId, 3)).toBe(ErrorCode.NONE);
});

test("a cooperative one says by joining again that it has given something up", () => {
  const { bench, id } = consumerGroup();
  const cooperative = { topics: ["t"], protocols: ["cooperative-sticky"], apiVersion: 3 };
  const { memberId } = rejoinClassicAs(bench, cooperative);
  makeRoom(bench, id);
  expect(rejoinClassicAs(bench, { ...cooperative, memberId }).partitions).toEqual({ [id]: [2, 3] });
  join(bench, "third", ["t"]);

  const owned = { t: [2, 3] };
  expect(beatClassic(bench, memberId, 3)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  const told = rejoinClassicAs(bench, { ...cooperative, memberId, owned });
  expect([told.generationId, told.partitions[id]?.length]).toEqual([3, 1]);
  expect(beatClassic(bench, memberId, 3)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  const kept = { t: told.partitions[id] ?? [] };
  expect(rejoinClassicAs(bench, { ...cooperative, memberId, owned: kept }).generationId).toBe(4);
});

function rejoinClassicAs(bench: ConsumerBench, given: Parameters<typeof joinClassic>[1]) {
  const joined = joinClassic(bench, given);
  const { memberId = "", generationId = -1 } = joined ?? {};
  const protocolName = joined?.protocolName ?? null;
  const synced = syncClassic(bench, memberId, generationId, [], { protocolName });
  return { memberId, generationId, partitions: partitionsIn(bench, synced?.assignment ?? Buffer.alloc(0)) };
}

describe("time runs", () => {
  test("for its session", () => {
    const { bench } = consumerGroup();
    const { memberId } = rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    bench.clock.advance(SESSION_MS - 1);
    beatClassic(bench, memberId, 3);
    bench.clock.advance(SESSION_MS - 1);
    expect(bench.group().members.has(memberId)).toBe(true);
    bench.clock.advance(1);
    expect(bench.shard.groups.get(GROUP)?.type).toBe("consumer");
    expect(bench.group().members.has(memberId)).toBe(false);
  });

  test("from joining to syncing", () => {
    const { bench } = consumerGroup();
    const memberId = joinClassic(bench, { topics: ["t"], apiVersion: 3 })?.memberId ?? "";
    for (let passedMs = 0; passedMs < REBALANCE_MS; passedMs += 1_000) {
      beatClassic(bench, memberId, 3);
      bench.clock.advance(1_000);
    }
    expect(bench.group().members.has(memberId)).toBe(false);
  });

  test("from being told to join again to joining, however often it is told", () => {
    const { bench, id } = consumerGroup();
    const { memberId } = rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    makeRoom(bench, id);
    for (let passedMs = 0; passedMs < REBALANCE_MS; passedMs += 1_000) {
      expect(beatClassic(bench, memberId, 3)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
      bench.clock.advance(1_000);
    }
    expect(bench.group().members.has(memberId)).toBe(false);
  });
});

describe("it is refused", () => {
  test("where members may not change their protocol", () => {
    const { bench } = consumerGroup();
    bench.config.groupConsumerMigrationPolicy = "disabled";
    expect(refusal(() => joinClassic(bench, { topics: ["t"] }))).toBe("INCONSISTENT_GROUP_PROTOCOL");
  });

  test("with another type, with no protocol that all have, or with a subscription that can't be read", () => {
    const { bench } = consumerGroup();
    rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    const name = "INCONSISTENT_GROUP_PROTOCOL";
    expect(refusal(() => joinClassic(bench, { protocolType: "connect" }))).toBe(name);
    expect(refusal(() => joinClassic(bench, { protocols: ["sticky"] }))).toBe(name);
    expect(fault(() => joinClassic(bench, { metadata: Buffer.from([0]), apiVersion: 3 }))).toEqual({
      name,
      message: "Malformed embedded consumer protocol in subscription deserialization.",
    });
  });

  test("with a generation, a member or an instance that isn't its own", () => {
    const { bench } = consumerGroup();
    const { memberId } = rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    expect(refusal(() => beatClassic(bench, memberId, 2))).toBe("ILLEGAL_GENERATION");
    expect(refusal(() => beatClassic(bench, "nobody", 3))).toBe("UNKNOWN_MEMBER_ID");
    expect(fault(() => beatClassic(bench, "new", 2))?.message).toBe(
      "Member new does not use the classic protocol.",
    );
    expect(refusal(() => syncClassic(bench, memberId, 3, [], { groupInstanceId: "i" }))).toBe(
      "UNKNOWN_MEMBER_ID",
    );
    expect(refusal(() => syncClassic(bench, memberId, 3, [], { protocolName: "sticky" }))).toBe(
      "INCONSISTENT_GROUP_PROTOCOL",
    );
    expect(refusal(() => syncClassic(bench, memberId, 3, [], { protocolType: "connect" }))).toBe(
      "INCONSISTENT_GROUP_PROTOCOL",
    );
  });

  test("when it syncs for an assignment that is out of date", () => {
    const { bench } = consumerGroup();
    const { memberId } = rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    join(bench, "third", ["t"]);
    expect(refusal(() => syncClassic(bench, memberId, 3))).toBe("REBALANCE_IN_PROGRESS");
  });
});

test("members of both protocols leave by LeaveGroup, each with its own error", () => {
  const { bench } = consumerGroup();
  const { memberId } = rejoinClassic(bench, { topics: ["t"], instanceId: "i" });
  join(bench, "third", ["t"]);
  const errors = leaveClassic(
    bench,
    { memberId: "nobody", groupInstanceId: null },
    { memberId: "other", groupInstanceId: "i" },
    { memberId: "", groupInstanceId: "i" },
    { memberId, groupInstanceId: "i" },
    { memberId: "third", groupInstanceId: null },
  );
  expect(errors).toEqual([
    ErrorCode.UNKNOWN_MEMBER_ID,
    ErrorCode.FENCED_INSTANCE_ID,
    ErrorCode.NONE,
    ErrorCode.NONE,
    ErrorCode.NONE,
  ]);
  expect([...bench.group().members.keys()]).toEqual(["new"]);
});

describe("when the last member of the consumer protocol goes", () => {
  test("the group is a classic one again, and its members join", () => {
    const { bench, id } = consumerGroup();
    const { memberId } = rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    makeRoom(bench, id);
    rejoinClassic(bench, { memberId, topics: ["t"] });
    beat(bench, { memberId: "new", memberEpoch: -1 });
    const group = classicGroup(bench);
    expect([group.stateName, group.generationId, group.protocolName]).toEqual([
      "PreparingRebalance",
      3,
      "range",
    ]);
    expect(partitionsIn(bench, group.members.get(memberId)?.assignment ?? Buffer.alloc(0))).toEqual({
      [id]: [2, 3],
    });
    expect(beatClassic(bench, memberId, 3)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    expect(joinClassic(bench, { memberId, topics: ["t"] })?.leader).toBe(memberId);
    expect(bench.loaded().groups.get(GROUP)?.type).toBe("classic");
  });

  test("so it is when that member's session runs out", () => {
    const { bench } = consumerGroup();
    const { memberId } = rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    for (let passedMs = 0; passedMs < 45_000; passedMs += 5_000) {
      bench.clock.advance(5_000);
      if (bench.shard.groups.get(GROUP)?.type === "consumer") beatClassic(bench, memberId, 3);
    }
    expect(classicGroup(bench).members.has(memberId)).toBe(true);
  });

  test("what its members still consume is written down, not what they were to have", () => {
    const { bench, id } = consumerGroup();
    const cooperative = { topics: ["t"], protocols: ["cooperative-sticky"], apiVersion: 3 };
    const { memberId } = rejoinClassicAs(bench, cooperative);
    makeRoom(bench, id);
    rejoinClassicAs(bench, { ...cooperative, memberId });
    joinClassic(bench, cooperative);
    beatClassic(bench, memberId, 3);
    // It is told to give one of its partitions up, and hasn't done it yet.
    joinClassic(bench, { ...cooperative, memberId, owned: { t: [2, 3] } });
    beat(bench, { memberId: "new", memberEpoch: -1 });
    const held = classicGroup(bench).members.get(memberId)?.assignment ?? Buffer.alloc(0);
    expect(partitionsIn(bench, held)[id]?.toSorted()).toEqual([2, 3]);
    for (const timer of ["session", "rebalance", "join", "sync"] as const) {
      expect(bench.hasTimer(memberTimer(timer, GROUP, memberId))).toBe(false);
    }
  });

  test.each(["upgrade", "disabled"])("it stays a consumer group under the policy %s", (policy) => {
    const { bench } = consumerGroup();
    rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    bench.config.groupConsumerMigrationPolicy = policy;
    beat(bench, { memberId: "new", memberEpoch: -1 });
    expect(bench.group().members.size).toBe(1);
  });

  test("it stays a consumer group when a classic one may not have so many members", () => {
    const { bench } = consumerGroup();
    rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    bench.config.groupMaxSize = 0;
    beat(bench, { memberId: "new", memberEpoch: -1 });
    expect(bench.group().members.size).toBe(1);
  });

  test("and its static place is taken while others are on their way to the assignment, all join again", () => {
    const bench = new ConsumerBench();
    const id = bench.topics.set("t", 4);
    join(bench, "new", ["t"], { instanceId: "i" });
    const { memberId } = rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    expect(beatClassic(bench, memberId, 3)).toBe(ErrorCode.NONE);
    beat(bench, { memberId: "new", memberEpoch: -2, instanceId: "i" });
    expect(bench.group().isOwned(id, 0)).toBe(true);
    joinClassic(bench, { topics: ["t"], instanceId: "i" });
    expect(classicGroup(bench).stateName).toBe("PreparingRebalance");
    expect(beatClassic(bench, memberId, 3)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  });

  test("and comes back as a static member of the classic protocol, it goes on in the classic group", () => {
    const bench = new ConsumerBench();
    const id = bench.topics.set("t", 2);
    join(bench, "new", ["t"], { instanceId: "i" });
    beat(bench, { memberId: "new", memberEpoch: -2, instanceId: "i" });
    const joined = joinClassic(bench, { topics: ["t"], instanceId: "i" });
    expect(joined).toMatchObject({ errorCode: ErrorCode.NONE, generationId: 2 });
    const { memberId = "" } = joined ?? {};
    const group = classicGroup(bench);
    expect([group.stateName, [...group.members].map((member) => member.memberId)]).toEqual([
      "Stable",
      [memberId],
    ]);
    const synced = syncClassic(bench, memberId, 2, [], { groupInstanceId: "i" });
    expect(partitionsIn(bench, synced?.assignment ?? Buffer.alloc(0))).toEqual({ [id]: [0, 1] });
    expect(bench.loaded().groups.get(GROUP)?.type).toBe("classic");
  });
});
