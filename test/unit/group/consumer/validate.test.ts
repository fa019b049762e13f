import { describe, expect, test } from "bun:test";
import { ConsumerBench } from "./support/bench.ts";
import { beat, fault, GROUP, type Heartbeat, join } from "./support/heartbeats.ts";

const joining: Heartbeat = {
  memberId: "m",
  rebalanceTimeoutMs: 1_000,
  subscribedTopicNames: [],
  owned: {},
};

describe("a heartbeat is invalid", () => {
  const cases: [string, Heartbeat, number, string][] = [
    ["without a member id in version 1", { ...joining, memberId: "" }, 1, "MemberId can't be empty."],
    ["with a blank member id", { ...joining, memberId: " " }, 1, "MemberId can't be empty."],
    [
      "without a member id that goes on, in version 0",
      { memberId: "", memberEpoch: 1 },
      0,
      "MemberId can't be empty.",
    ],
    [
      "without a member id that leaves, in version 0",
      { memberId: "", memberEpoch: -1 },
      0,
      "MemberId can't be empty.",
    ],
    ["without a group id", { ...joining, groupId: "" }, 1, "GroupId can't be empty."],
    ["with an empty instance id", { ...joining, instanceId: "" }, 1, "InstanceId can't be empty."],
    ["with an empty rack", { ...joining, rackId: "" }, 1, "RackId can't be empty."],
    [
      "joining without a rebalance timeout",
      { ...joining, rebalanceTimeoutMs: -1 },
      1,
      "RebalanceTimeoutMs must be provided in first request.",
    ],
    [
      "joining with partitions",
      { ...joining, owned: { AAAAAAAAAAAAAAAAAAAAAA: [1] } },
      1,
      "TopicPartitions must be empty when (re-)joining.",
    ],
    [
      "joining without a word on partitions",
      { memberId: "m", rebalanceTimeoutMs: 1, subscribedTopicNames: [] },
      1,
      "TopicPartitions must be empty when (re-)joining.",
    ],
    [
      "joining without a subscription",
      { ...joining, subscribedTopicNames: null },
      1,
      "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.",
    ],
    [
      "leaving for a while without an instance id",
      { memberId: "m", memberEpoch: -2 },
      1,
      "InstanceId can't be null.",
    ],
    ["with an epoch below -2", { memberId: "m", memberEpoch: -3 }, 1, "MemberEpoch is invalid."],
  ];

  test.each(cases)("%s", (_what, heartbeat, version, message) => {
    const bench = new ConsumerBench();
    expect(fault(() => beat(bench, heartbeat, version))).toEqual({ name: "INVALID_REQUEST", message });
    expect(bench.log).toEqual([]);
  });
});

test("an assignor that isn't offered is refused, with those that are", () => {
  const bench = new ConsumerBench();
  bench.config.groupConsumerAssignors = ["org.apache.kafka.coordinator.group.assignor.RangeAssignor"];
  expect(fault(() => join(bench, "m", [], { serverAssignor: "uniform" }))).toEqual({
    name: "UNSUPPORTED_ASSIGNOR",
    message: "ServerAssignor uniform is not supported. Supported assignors: range.",
  });
  join(bench, "m", [], { serverAssignor: "range" });
});

test("in version 0 a member that joins without an id is given one", () => {
  const bench = new ConsumerBench();
  const { memberId } = beat(bench, { ...joining, memberId: "" }, 0);
  expect(memberId).toHaveLength(22);
  expect([...bench.group(GROUP).members.keys()]).toEqual([memberId ?? ""]);
});
