import { expect, test } from "bun:test";
import type { ConsumerGroup } from "../../../../src/group/consumer/group.ts";
import type { ConsumerGroupRecord } from "../../../../src/group/consumer/records.ts";
import type { GroupRecord } from "../../../../src/group/record.ts";
import type { Uuid } from "../../../../src/protocol/uuid.ts";
import { fingerprint } from "../simulation/consumer/fingerprint.ts";
import { ConsumerBench } from "./support/bench.ts";
import { assigned, beat, fault, GROUP, join } from "./support/heartbeats.ts";

const member = { groupId: GROUP, memberId: "a" };

function write(bench: ConsumerBench, ...records: GroupRecord[]): void {
  bench.run(() => ({ records, reply: undefined }));
}

function memberRecord(more: { subscribedTopicNames?: string[] } = {}): ConsumerGroupRecord {
  return {
    type: "ConsumerGroupMemberMetadata",
    key: member,
    value: {
      instanceId: null,
      rackId: null,
      clientId: "client",
      clientHost: "/127.0.0.1",
      subscribedTopicNames: [],
      subscribedTopicRegex: null,
      rebalanceTimeoutMs: 10_000,
      serverAssignor: null,
      classicMemberMetadata: null,
      ...more,
    },
  };
}

function currentAssignment(
  memberId: string,
  state: number,
  assignedPartitions: { topicId: Uuid; partitions: number[]; assignmentEpochs: number[] | null }[],
): ConsumerGroupRecord {
  return {
    type: "ConsumerGroupCurrentMemberAssignment",
    key: { groupId: GROUP, memberId },
    value: {
      memberEpoch: 4,
      previousMemberEpoch: 3,
      state,
      assignedPartitions,
      partitionsPendingRevocation: [],
    },
  };
}

test("the log, and what compaction leaves of it, lead to the same group", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 4);
  join(bench, "a", ["t"], { instanceId: "i" });
  join(bench, "b", [], { subscribedTopicRegex: "t" });
  bench.clock.advance(0);
  beat(bench, { memberId: "a", memberEpoch: 2, instanceId: "i", owned: { [id]: [0, 1, 2, 3] } });
  join(bench, "c", ["t"]);
  beat(bench, { memberId: "c", memberEpoch: -1 });
  const live = fingerprint(bench.group());
  for (const shard of [bench.loaded(), bench.loaded(bench.compacted())]) {
    expect(fingerprint(shard.groups.get(GROUP) as ConsumerGroup)).toBe(live);
  }
});

test("a deleted group leaves nothing", () => {
  const bench = new ConsumerBench();
  bench.topics.set("t", 1);
  join(bench, "a", [], { subscribedTopicRegex: "t" });
  bench.clock.advance(0);
  beat(bench, { memberId: "a", memberEpoch: -1 });
  write(bench, ...bench.group().tombstones());
  expect(bench.shard.groups.size).toBe(0);
  expect(bench.loaded().groups.size).toBe(0);
  expect(bench.compacted()).toEqual([]);
  // Tombstones of what is not there any more do nothing.
  write(bench, { type: "ConsumerGroupMetadata", key: { groupId: GROUP }, value: null });
  expect(bench.shard.groups.size).toBe(0);
});

test("partitions without epochs, from before Kafka 4.3, have the member's", () => {
  const bench = new ConsumerBench();
  const topicId = bench.topics.set("t", 2);
  write(
    bench,
    memberRecord(),
    currentAssignment("a", 0, [{ topicId, partitions: [0, 1], assignmentEpochs: null }]),
  );
  expect([...(bench.group().members.get("a")?.assignedPartitions.get(topicId) ?? [])]).toEqual([
    [0, 4],
    [1, 4],
  ]);
});

test("subscription metadata, from before Kafka 4.1, is deleted when the group is next held against the topics", () => {
  const bench = new ConsumerBench();
  join(bench, "a", []);
  write(bench, {
    type: "ConsumerGroupPartitionMetadata",
    key: { groupId: GROUP },
    value: { topics: [] },
  });
  bench.restart();
  expect(bench.group().hasSubscriptionMetadataRecord).toBe(true);
  beat(bench, { memberId: "a", memberEpoch: 1 });
  expect(bench.group().hasSubscriptionMetadataRecord).toBe(false);
});

test("a member in a state from a later version may go on once it has nothing", () => {
  const bench = new ConsumerBench();
  const topicId = bench.topics.set("t", 1);
  write(
    bench,
    memberRecord({ subscribedTopicNames: ["t"] }),
    { type: "ConsumerGroupMetadata", key: { groupId: GROUP }, value: { epoch: 4, metadataHash: 0n } },
    currentAssignment("a", 9, [{ topicId, partitions: [0], assignmentEpochs: [4] }]),
  );
  expect(fault(() => beat(bench, { memberId: "a", memberEpoch: 4, owned: { [topicId]: [0] } }))).toEqual({
    name: "FENCED_MEMBER_EPOCH",
    message:
      "The consumer group member is in a unknown state. The member must abandon all its partitions and rejoin.",
  });
  expect(assigned(join(bench, "a", ["t"]))).toEqual({ [topicId]: [0] });
});

test("a partition that two members have in the log belongs to the later epoch, and somebody complains", () => {
  const bench = new ConsumerBench();
  const topicId = bench.topics.set("t", 1);
  const partitions = [{ topicId, partitions: [0], assignmentEpochs: [4] }];
  write(bench, currentAssignment("a", 0, partitions), currentAssignment("b", 0, partitions));
  expect(bench.complaints).toHaveLength(1);
  expect(bench.group().partitionEpochs.get(topicId, 0)).toBe(4);
});

test("committed offsets alone give way to a consumer group; members of a classic one don't without complaint", () => {
  const bench = new ConsumerBench();
  write(bench, {
    type: "GroupMetadata",
    key: { group: GROUP },
    value: {
      protocolType: "",
      generation: 0,
      protocol: null,
      leader: null,
      currentStateTimestamp: -1n,
      members: [],
    },
  });
  write(bench, memberRecord());
  expect(bench.group().members.size).toBe(1);
  expect(bench.complaints).toEqual([]);
});

test("bytes of a record are not kept: its buffer is used again", () => {
  const bench = new ConsumerBench();
  const metadata = Buffer.from("metadata");
  const record = memberRecord();
  write(bench, {
    ...record,
    value: {
      ...(record.value as object),
      classicMemberMetadata: { sessionTimeoutMs: 1, supportedProtocols: [{ name: "range", metadata }] },
    },
  } as GroupRecord);
  metadata.fill(0);
  const kept = bench.group().members.get("a")?.classicMemberMetadata?.supportedProtocols[0]?.metadata;
  expect(kept?.toString()).toBe("metadata");
});
