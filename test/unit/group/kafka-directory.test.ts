import { expect, test } from "bun:test";
import { partitionOf } from "../../../src/coordinator/partition-of.ts";
import { LogReplay } from "../../../src/coordinator/replay-log.ts";
import { groupRecordCodec } from "../../../src/group/codec.ts";
import { listGroups } from "../../../src/group/list.ts";
import { ReplayedGroupShard } from "../../../src/group/replayed-shard.ts";
import { testEnvironment } from "./support/environment.ts";
import { batchesOf, expectedGroups, kafkaLogs } from "./support/kafka-directory.ts";

function loaded(log: Buffer): ReplayedGroupShard {
  const shard = new ReplayedGroupShard(testEnvironment());
  const source = {
    append: () => {
      throw new Error("nothing is written here");
    },
    *batches() {
      for (const at of batchesOf(log)) yield { buffer: log, at };
    },
  };
  new LogReplay(source, groupRecordCodec, shard).slice(() => false);
  return shard;
}

test("The groups of both protocols that Apache Kafka wrote are found, with all that they have committed", () => {
  const logs = kafkaLogs();
  for (const [groupId, committed] of Object.entries(expectedGroups)) {
    const log = logs.get(partitionOf(groupId, 50));
    if (log === undefined) throw new Error(`${groupId} is nowhere`);
    const shard = loaded(log);
    const type = groupId.replace("group-", "");
    expect(listGroups(shard, { states: [], types: [] })).toEqual([
      { groupId, protocolType: "consumer", groupState: "Empty", groupType: type },
    ]);
    const found: Record<string, string> = {};
    for (const [topic, partitions] of shard.offsets.ofGroup(groupId)) {
      for (const [partition, { offset, metadata }] of partitions) {
        found[`${topic}-${partition}`] = `${offset} ${metadata}`;
      }
    }
    expect(found).toEqual(committed);
  }
});
