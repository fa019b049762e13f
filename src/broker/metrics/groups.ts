/**
 * Groups: how many there are in which state (Kafka's GroupMetadataManager), and how far each is behind, in the names of
 * kafka_exporter.
 */
import type { GroupOverview } from "../../group/overview.ts";
import type { Hosted } from "../../log/log-directory.ts";
import type { Family, Sample } from "../../observe/metrics/exposition.ts";
import { Bean, family, sample } from "./jmx-names.ts";
import { offsetsOf } from "./logs.ts";

const manager = new Bean("kafka.coordinator.group", "GroupMetadataManager");
const coordinator = new Bean("kafka.server", "group-coordinator-metrics");

/** States by the ending of Kafka's metric for them. */
const states: readonly (readonly [ending: string, names: readonly string[], help: string])[] = [
  ["", [], "Groups."],
  ["PreparingRebalance", ["PreparingRebalance", "Reconciling"], "Groups whose members are to join anew."],
  ["CompletingRebalance", ["CompletingRebalance", "Assigning"], "Groups that wait for their assignment."],
  ["Stable", ["Stable"], "Groups at work."],
  ["Empty", ["Empty"], "Groups without members."],
  ["Dead", ["Dead"], "Groups that are going away."],
];

/** A partition on this node, if it is here. */
export type FindHosted = (topic: string, partition: number) => Hosted | undefined;

/** The families of the groups that there are. */
export function groupFamilies(groups: readonly GroupOverview[], find: FindHosted): Family[] {
  return [...countFamilies(groups), ...lagFamilies(groups, find)];
}

function countFamilies(groups: readonly GroupOverview[]): Family[] {
  const inOneOf = (names: readonly string[]) =>
    names.length === 0 ? groups : groups.filter(({ stateName }) => names.includes(stateName));
  const offsets = groups.flatMap((group) => [...group.offsets.values()]);
  const protocols = ["classic", "consumer"].map((protocol) =>
    sample(groups.filter(({ type }) => type === protocol).length, { protocol }),
  );
  return [
    ...states.map(([ending, names, help]) =>
      manager.values(`NumGroups${ending}`, help, inOneOf(names).length),
    ),
    manager.values(
      "NumOffsets",
      "Offsets that groups have committed.",
      offsets.reduce((sum, partitions) => sum + partitions.size, 0),
    ),
    coordinator.values("group-count", "Groups, by protocol.", protocols),
  ];
}

function lagFamilies(groups: readonly GroupOverview[], find: FindHosted): Family[] {
  const current: Sample[] = [];
  const lags: Sample[] = [];
  const currentSums: Sample[] = [];
  const lagSums: Sample[] = [];
  for (const { groupId: consumergroup, offsets } of groups) {
    for (const [topic, partitions] of offsets) {
      let [currentSum, lagSum] = [0, 0];
      for (const [partition, { offset }] of partitions) {
        const hosted = find(topic, partition);
        if (hosted === undefined) continue;
        const labels = { consumergroup, topic, partition };
        const committed = Number(offset);
        const lag = Math.max(0, offsetsOf(hosted).highWatermark - committed);
        current.push(sample(committed, labels));
        lags.push(sample(lag, labels));
        currentSum += committed;
        lagSum += lag;
      }
      currentSums.push(sample(currentSum, { consumergroup, topic }));
      lagSums.push(sample(lagSum, { consumergroup, topic }));
    }
  }
  const members = groups.map(({ groupId, memberCount }) => sample(memberCount, { consumergroup: groupId }));
  const gauge = (name: string, help: string, samples: readonly Sample[]) =>
    family("gauge", `kafka_consumergroup_${name}`, help, samples);
  return [
    gauge("current_offset", "The offset that a group has committed.", current),
    gauge("lag", "Records that a group has not committed yet.", lags),
    gauge(
      "current_offset_sum",
      "The offsets that a group has committed, over a topic's partitions.",
      currentSums,
    ),
    gauge("lag_sum", "Records of a topic that a group has not committed yet.", lagSums),
    gauge("members", "Members of a group.", members),
  ];
}
