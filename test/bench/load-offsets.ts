/**
 * `bun test/bench/load-offsets.ts [RECORDS]`: how long the group coordinator takes to load a partition of
 * `__consumer_offsets` with a million committed offsets, how long that holds up the broker at a time, and how much
 * memory they take. Nothing is asserted: times are the machine's.
 */
import { systemClock } from "../../src/clock.ts";
import { loadServerConfig } from "../../src/config/load.ts";
import { logConfigFrom } from "../../src/config/topic-config.ts";
import { realDisk } from "../../src/disk/real-disk.ts";
import { groupRecordCodec } from "../../src/group/codec.ts";
import { GroupCoordinator } from "../../src/group/coordinator.ts";
import { GROUP_TOPIC } from "../../src/group/group-topic.ts";
import { LogManager } from "../../src/log/log-manager.ts";
import { ChangeCollector } from "../../src/metadata/image/change.ts";
import { ClusterImage } from "../../src/metadata/image/cluster-image.ts";
import { randomUuid } from "../../src/protocol/uuid.ts";
import { buildBatch } from "../../src/records/builder.ts";
import { removeTemporaryFolders, temporaryFolder } from "../support/broker-process.ts";

const NODE_ID = 1;
const GROUPS = 1000;
const TOPICS = 20;
const RECORDS_PER_COMMIT = 10;
const START_MS = 1_700_000_000_000;
const TICK_MS = 1;

const folder = temporaryFolder();
const { config } = loadServerConfig({ overrides: [`log.dirs=${folder}`] });
const topicId = randomUuid((target) => void crypto.getRandomValues(target));
const silent = () => {};
const logger = { debug: silent, info: silent, warn: console.warn, error: console.error };

/** A cluster with the groups' topic, of one partition. */
function imageWithTopic(): ClusterImage {
  const image = new ClusterImage("bench");
  const change = new ChangeCollector();
  image.parts.topics.create({ name: GROUP_TOPIC, topicId }, change);
  const nodes = { replicas: [NODE_ID], isr: [NODE_ID], removingReplicas: [], addingReplicas: [] };
  const epochs = { leader: NODE_ID, leaderRecoveryState: 0, leaderEpoch: 0, partitionEpoch: 0 };
  const rest = { directories: [], eligibleLeaderReplicas: null, lastKnownElr: null };
  image.parts.topics.putPartition({ partitionId: 0, topicId, ...nodes, ...epochs, ...rest }, change);
  return image;
}

function openLogs(): LogManager {
  const never = Number.MAX_SAFE_INTEGER;
  return new LogManager({
    disk: realDisk,
    clock: systemClock,
    logger,
    directories: [{ path: folder, directoryId: null }],
    configOf: () => logConfigFrom(config, new Map([["cleanup.policy", "compact"]])),
    topicIdOf: () => topicId,
    settings: {
      retentionCheckIntervalMs: never,
      checkpointIntervalMs: never,
      producerIdExpirationMs: never,
      producerIdExpirationCheckIntervalMs: never,
    },
  });
}

function commit(index: number) {
  const timestamp = START_MS + index;
  return {
    timestamp,
    ...groupRecordCodec.encode({
      type: "OffsetCommit",
      key: {
        group: `group-${index % GROUPS}`,
        topic: `topic-${Math.floor(index / GROUPS) % TOPICS}`,
        partition: Math.floor(index / (GROUPS * TOPICS)),
      },
      value: {
        offset: BigInt(index),
        leaderEpoch: 0,
        metadata: "",
        commitTimestamp: BigInt(timestamp),
        topicId,
        expireTimestamp: -1n,
      },
    }),
  };
}

async function write(records: number): Promise<void> {
  const logs = openLogs();
  const log = logs.getOrCreate(GROUP_TOPIC, 0, topicId);
  for (let index = 0; index < records; index += RECORDS_PER_COMMIT) {
    const batch = Array.from({ length: RECORDS_PER_COMMIT }, (_, delta) => commit(index + delta));
    log.append(buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, records: batch }), {
      leaderEpoch: 0,
      origin: "coordinator",
    });
  }
  console.log(`${records} committed offsets take ${(log.sizeInBytes / 2 ** 20).toFixed(0)} MiB on disk`);
  await logs.shutdown();
}

/** Loads, and watches how long a timer that is due has to wait. */
async function load(): Promise<void> {
  const logs = openLogs();
  const metadata = { image: imageWithTopic(), subscribe: () => silent };
  const randomBytes = (target: Uint8Array) => void crypto.getRandomValues(target);
  const parts = { nodeId: NODE_ID, config: () => config, metadata, logs, clock: systemClock, randomBytes };
  const groups = new GroupCoordinator({ ...parts, logger });
  Bun.gc(true);
  const memory = process.memoryUsage.rss();
  const start = performance.now();
  let longestMs = 0;
  let last = start;
  groups.prepare("group-0");
  while (isLoading(groups)) {
    await Bun.sleep(TICK_MS);
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }
  console.log(`loaded in ${(last - start).toFixed(0)} ms, at most ${longestMs.toFixed(0)} ms at a time`);
  Bun.gc(true);
  console.log(`in memory they take ${((process.memoryUsage.rss() - memory) / 2 ** 20).toFixed(0)} MiB`);
  groups.close();
  await logs.shutdown();
}

function isLoading(groups: GroupCoordinator): boolean {
  try {
    return groups.listGroups({ states: [], types: [] }).length === 0;
  } catch {
    return true;
  }
}

try {
  await write(Number(process.argv[2] ?? 1_000_000));
  await load();
} finally {
  removeTemporaryFolders();
}
