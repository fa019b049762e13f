/**
 * How far groups are behind.
 */
import { expect, test } from "bun:test";
import { groupFamilies } from "../../../../src/broker/metrics/groups.ts";
import type { CommittedOffset } from "../../../../src/group/offsets/committed-offset.ts";
import type { GroupOverview } from "../../../../src/group/overview.ts";
import type { Hosted } from "../../../../src/log/log-directory.ts";
import { ZERO_UUID } from "../../../../src/protocol/uuid.ts";

const committed = (offset: bigint): CommittedOffset => ({
  ...{ offset, leaderEpoch: 0, metadata: "", commitTimestampMs: 0, expireTimestampMs: -1 },
  ...{ topicId: ZERO_UUID, recordOffset: 0 },
});
const group = (
  groupId: string,
  stateName: string,
  offsets: [string, [number, bigint][]][],
): GroupOverview => ({
  ...{ groupId, stateName, type: "classic", memberCount: 1 },
  offsets: new Map(
    offsets.map(([topic, of]) => [topic, new Map(of.map(([index, offset]) => [index, committed(offset)]))]),
  ),
});
/** Partitions 0 and 1 of `orders`, which nobody has opened, end at 100 and 10. */
const find = (topic: string, partition: number) =>
  topic === "orders" && partition < 2
    ? ({ log: null, logStartOffset: 0, highWatermark: partition === 0 ? 100 : 10 } as Hosted)
    : undefined;

function samples(groups: GroupOverview[], name: string) {
  const family = groupFamilies(groups, find).find((one) => one.name === name);
  return family?.samples.map(({ labels, value }) => [...Object.values(labels), value]);
}

test("lag is what lies between the committed offset and the end, and never below 0", () => {
  const groups = [
    group("g", "Stable", [
      [
        "orders",
        [
          [0, 60n],
          [1, 11n],
        ],
      ],
    ]),
  ];

  expect(samples(groups, "kafka_consumergroup_lag")).toEqual([
    ["g", "orders", 0, 40],
    ["g", "orders", 1, 0],
  ]);
  expect(samples(groups, "kafka_consumergroup_lag_sum")).toEqual([["g", "orders", 40]]);
  expect(samples(groups, "kafka_consumergroup_current_offset_sum")).toEqual([["g", "orders", 71]]);
});

test("an offset of a partition that isn't here has no lag", () => {
  const groups = [
    group("g", "Empty", [
      ["orders", [[7, 1n]]],
      ["gone", [[0, 1n]]],
    ]),
  ];

  expect(samples(groups, "kafka_consumergroup_lag")).toEqual([]);
});

test("groups of both protocols are counted by how they stand", () => {
  const groups = ["Stable", "Reconciling", "PreparingRebalance", "Assigning", "Empty"].map((state) =>
    group(state, state, []),
  );
  const count = (ending: string) =>
    samples(groups, `kafka_coordinator_group_groupmetadatamanager_numgroups${ending}`)?.flat();

  expect(["", "stable", "preparingrebalance", "completingrebalance", "empty", "dead"].map(count)).toEqual([
    [5],
    [1],
    [2],
    [1],
    [1],
    [0],
  ]);
});
