import { expect, test } from "bun:test";
import { describeConsumerGroup } from "../../../../src/group/consumer/describe.ts";
import { ConsumerBench } from "./support/bench.ts";
import { rejoinClassic } from "./support/classic.ts";
import { beat, join } from "./support/heartbeats.ts";

test("a group is described with what its members have and are to have, what is being given up among it", () => {
  const bench = new ConsumerBench();
  const topicId = bench.topics.set("t", 2);
  join(bench, "a", ["t"], { rackId: "rack", instanceId: "i", serverAssignor: "range" });
  const classic = rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
  beat(bench, { memberId: "a", memberEpoch: 2, instanceId: "i" });

  const partitions = (list: number[]) => ({
    topicPartitions: [{ topicId, topicName: "t", partitions: list }],
  });
  const common = { clientId: "client", clientHost: "/127.0.0.1", subscribedTopicNames: ["t"] };
  expect(describeConsumerGroup(bench.shard, bench.group())).toEqual({
    errorCode: 0,
    groupId: "group",
    groupState: "Reconciling",
    groupEpoch: 3,
    assignmentEpoch: 3,
    assignorName: "range",
    members: [
      {
        ...common,
        memberId: "a",
        instanceId: "i",
        rackId: "rack",
        memberEpoch: 2,
        subscribedTopicRegex: "",
        // Static members come first with the range assignor.
        assignment: partitions([0, 1]),
        targetAssignment: partitions([0]),
        memberType: 1,
      },
      {
        ...common,
        memberId: classic.memberId,
        instanceId: null,
        rackId: null,
        memberEpoch: 3,
        subscribedTopicRegex: "",
        assignment: { topicPartitions: [] },
        targetAssignment: partitions([1]),
        memberType: 0,
      },
    ],
  });
});

test("topics that are gone are not told", () => {
  const bench = new ConsumerBench();
  bench.topics.set("t", 2);
  join(bench, "a", ["t"]);
  bench.topics.delete("t");
  const { members } = describeConsumerGroup(bench.shard, bench.group());
  expect(members[0]).toMatchObject({
    assignment: { topicPartitions: [] },
    targetAssignment: { topicPartitions: [] },
  });
});
