/** The broker's own topics don't grow for ever: what they hold is compacted while the broker runs, and nothing is lost. */
import { afterAll, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../src/protocol/messages/find-coordinator.ts";
import { OffsetCommitRequest, OffsetCommitResponse } from "../../src/protocol/messages/offset-commit.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../../src/protocol/messages/offset-fetch.ts";
import { removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { createTopic } from "../support/client-topics.ts";
import { eventually } from "../support/eventually.ts";
import { RawClient } from "../support/raw-client.ts";

afterAll(removeTemporaryFolders);

const MEBIBYTE = 1024 * 1024;
const ROUNDS = 20;
const COMMITS_OF_A_ROUND = 100;
const GROUPS = 5;
/** The longest text that may be committed with an offset by default. */
const LONG_TEXT = "x".repeat(4096);

/** Commits for each group in turn. Returns the offset that each committed last. */
async function commit(client: RawClient): Promise<number[]> {
  const last = Array.from({ length: GROUPS }, () => -1);
  for (let round = 0; round < ROUNDS; round++) {
    const commits = Array.from({ length: COMMITS_OF_A_ROUND }, async (_, index) => {
      const offset = round * COMMITS_OF_A_ROUND + index;
      last[index % GROUPS] = offset;
      const partition = { partitionIndex: 0, committedOffset: offset, committedMetadata: LONG_TEXT };
      const { topics } = await client.request(OffsetCommitRequest, OffsetCommitResponse, 8, {
        groupId: `group-${index % GROUPS}`,
        generationIdOrMemberEpoch: -1,
        memberId: "",
        topics: [{ name: "t", partitions: [partition] }],
      });
      expect(topics[0]?.partitions[0]?.errorCode).toBe(0);
    });
    await Promise.all(commits);
  }
  return last;
}

async function committed(client: RawClient): Promise<number[]> {
  const { groups } = await client.request(OffsetFetchRequest, OffsetFetchResponse, 8, {
    groups: Array.from({ length: GROUPS }, (_, index) => ({
      groupId: `group-${index}`,
      topics: [{ name: "t", partitionIndexes: [0] }],
    })),
    requireStable: false,
  });
  return groups.map(({ topics }) => Number(topics[0]?.partitions[0]?.committedOffset));
}

/** Bytes in the segments of the partition. */
function sizeOf(logDirectory: string, partition: string): number {
  const folder = join(logDirectory, partition);
  const logs = readdirSync(folder).filter((name) => name.endsWith(".log"));
  return logs.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

test("offsets that are committed over and over take little room, and are there after a restart and after a kill", async () => {
  const properties = {
    "offsets.topic.num.partitions": 1,
    "offsets.topic.segment.bytes": MEBIBYTE,
    "log.cleaner.backoff.ms": 100,
  };
  let broker = await startBroker({ properties });
  let client = await RawClient.connect(broker.port);
  await createTopic(client, "t");
  await client.request(FindCoordinatorRequest, FindCoordinatorResponse, 3, { key: "group-0", keyType: 0 });
  const last = await commit(client);
  // Eight mebibytes were written; what is left of all full segments fits into one, and the last may be nearly full.
  await eventually(() =>
    expect(sizeOf(broker.logDirectory, "__consumer_offsets-0")).toBeLessThan(3 * MEBIBYTE),
  );
  for (const end of ["stop", "kill"] as const) {
    await eventually(async () => expect(await committed(client)).toEqual(last));
    client.close();
    await broker[end]();
    broker = await startBroker({ properties, logDirectory: broker.logDirectory });
    client = await RawClient.connect(broker.port);
  }
  await eventually(async () => expect(await committed(client)).toEqual(last));
  client.close();
  await broker.stop();
}, 60_000);
