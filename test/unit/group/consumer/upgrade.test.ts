import { describe, expect, test } from "bun:test";
import { joinGroup } from "../../../../src/group/classic/join.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { ConsumerBench } from "./support/bench.ts";
import {
  assignment,
  beatClassic,
  type ClassicJoin,
  joinClassic,
  SESSION_MS,
  subscription,
  syncClassic,
} from "./support/classic.ts";
import { assigned, beat, fault, GROUP, join, type Partitions, refusal } from "./support/heartbeats.ts";

/** A classic group of one member, which has been assigned these partitions. */
function classicGroup(given: ClassicJoin, partitions: Partitions, userData?: Buffer) {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 4);
  const joined = joinClassic(bench, { topics: ["t"], apiVersion: 3, ...given });
  const memberId = joined?.memberId ?? "";
  const assignments = [{ memberId, assignment: assignment(partitions, userData) }];
  syncClassic(bench, memberId, 1, assignments, { protocolName: given.protocols?.[0] ?? "range" });
  return { bench, id, memberId };
}

test("members keep what they have when a member of the consumer protocol joins, and give it up step by step", () => {
  const { bench, id, memberId } = classicGroup({}, { t: [0, 1, 2, 3] });
  const reply = join(bench, "new", ["t"]);
  expect([reply.memberEpoch, assigned(reply)]).toEqual([2, {}]);
  const group = bench.group();
  expect(group.members.get(memberId)).toMatchObject({ memberEpoch: 1, previousMemberEpoch: 1, state: 0 });
  expect([...(group.members.get(memberId)?.assignedPartitions.get(id)?.keys() ?? [])]).toEqual([0, 1, 2, 3]);
  expect(beatClassic(bench, memberId, 1)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  // With the range protocol a consumer gives everything up before it joins.
  expect(joinClassic(bench, { memberId, topics: ["t"], apiVersion: 3 })?.generationId).toBe(2);
  expect(assigned(beat(bench, { memberId: "new", memberEpoch: 2 }))).toEqual({ [id]: [2, 3] });
});

test("the log leads to the same consumer group, and not to the classic one", () => {
  const { bench } = classicGroup({}, { t: [0, 1, 2, 3] });
  join(bench, "new", ["t"]);
  bench.restart();
  expect(bench.group().members.size).toBe(2);
  expect(bench.group().classicMemberCount).toBe(1);
});

test("members that wait for a classic rebalance are told to join again", async () => {
  const { bench } = classicGroup({}, { t: [0, 1] });
  const request = {
    groupId: GROUP,
    sessionTimeoutMs: SESSION_MS,
    rebalanceTimeoutMs: 1_000,
    memberId: "",
    groupInstanceId: null,
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: subscription({ topics: ["t"] }) }],
    reason: null,
  };
  const requester = { clientId: "client", clientHost: "/127.0.0.1", apiVersion: 3 };
  const waiting = bench.run((shard, nowMs) => joinGroup(shard, request, requester, nowMs)).reply;
  join(bench, "new", ["t"]);
  expect(await waiting).toMatchObject({ errorCode: ErrorCode.REBALANCE_IN_PROGRESS });
  expect(bench.group().members.size).toBe(3);
});

test("sessions of the members go on, as long as they asked for", () => {
  const { bench, memberId } = classicGroup({}, { t: [0] });
  join(bench, "new", ["t"]);
  bench.clock.advance(SESSION_MS - 1);
  expect(bench.group().members.has(memberId)).toBe(true);
  bench.clock.advance(1);
  expect(bench.group().members.has(memberId)).toBe(false);
});

test("a cooperative consumer keeps what it said it had while a rebalance was on its way", () => {
  const { bench, id, memberId } = classicGroup({ protocols: ["cooperative-sticky"] }, { t: [0, 1, 2, 3] });
  // Another joins, the first comes with what it has: a generation begins in which nobody is assigned anything yet.
  joinClassic(bench, { topics: ["t"], apiVersion: 3, protocols: ["cooperative-sticky"] });
  const owned = { t: [0, 1, 2, 3] };
  const first = { memberId, topics: ["t"], owned, generationId: 1, protocols: ["cooperative-sticky"] };
  expect(joinClassic(bench, first)?.generationId).toBe(2);
  // The generation's leader is gone with it: what was assigned is forgotten.
  joinClassic(bench, first);
  expect(assigned(join(bench, "new", ["t"]))).toEqual({});
  expect([...(bench.group().members.get(memberId)?.assignedPartitions.get(id)?.keys() ?? [])]).toHaveLength(
    4,
  );
});

test("a static consumer that comes back with the new protocol gets an assignment of its own", () => {
  const { bench, id } = classicGroup({ instanceId: "i", apiVersion: 9 }, { t: [0] });
  const reply = join(bench, "new", ["t"], { instanceId: "i" });
  expect(assigned(reply)).toEqual({ [id]: [0, 1, 2, 3] });
  expect([...bench.group().members.keys()]).toEqual(["new"]);
});

test("an empty classic group gives way", () => {
  const bench = new ConsumerBench();
  joinClassic(bench, { topics: ["t"], apiVersion: 9 });
  expect(bench.shard.groups.get(GROUP)?.type).toBe("classic");
  expect(join(bench, "new", ["t"]).memberEpoch).toBe(2);
  expect(bench.loaded().groups.get(GROUP)?.type).toBe("consumer");
});

describe("a classic group stays one", () => {
  const unchanged = (bench: ConsumerBench, message: string) => {
    const written = bench.log.length;
    expect(fault(() => join(bench, "new", ["t"]))).toEqual({ name: "GROUP_ID_NOT_FOUND", message });
    expect(bench.shard.groups.get(GROUP)?.type).toBe("classic");
    expect(bench.log).toHaveLength(written);
  };

  test.each(["downgrade", "disabled", "DISABLED"])("under the policy %s", (policy) => {
    const { bench } = classicGroup({}, { t: [0] });
    bench.config.groupConsumerMigrationPolicy = policy;
    unchanged(
      bench,
      "Cannot upgrade classic group group to consumer group because online upgrade is disabled.",
    );
  });

  test("when its members are no consumers", () => {
    const { bench } = classicGroup({ protocolType: "connect" }, { t: [0] });
    unchanged(
      bench,
      "Cannot upgrade classic group group to consumer group because the group does not use the consumer embedded protocol.",
    );
  });

  test("when it has more members than a consumer group may have", () => {
    const { bench } = classicGroup({}, { t: [0] });
    bench.config.groupConsumerMaxSize = 0;
    unchanged(
      bench,
      "Cannot upgrade classic group group to consumer group because the group size exceeds the consumer group maximum size.",
    );
  });

  test("when a member's subscription can't be read", () => {
    const { bench } = classicGroup({ metadata: Buffer.from([0, 3, 0xff]) }, { t: [0] });
    unchanged(
      bench,
      "Cannot upgrade classic group group to consumer group because the embedded consumer protocol is malformed.",
    );
  });

  test("when an assignor has told its members more than partitions", () => {
    const { bench } = classicGroup({}, { t: [0] }, Buffer.from("more"));
    expect(fault(() => join(bench, "new", ["t"]))?.message).toContain(
      "an unsupported custom assignor is in use",
    );
  });

  test("for a member that doesn't join", () => {
    const { bench } = classicGroup({}, { t: [0] });
    expect(fault(() => beat(bench, { memberId: "new", memberEpoch: 1 }))?.message).toBe(
      "Group group is not a consumer group.",
    );
  });
});

test("a subscription in a version from the future is read as far as it is known", () => {
  const metadata = Buffer.concat([subscription({ topics: ["t"] }), Buffer.from([1, 2, 3])]);
  metadata.writeInt16BE(9, 0);
  const { bench, memberId } = classicGroup({ metadata }, { t: [0] });
  expect(refusal(() => join(bench, "new", ["t"]))).toBe("NONE");
  expect([...(bench.group().members.get(memberId)?.subscribedTopicNames ?? [])]).toEqual(["t"]);
});
