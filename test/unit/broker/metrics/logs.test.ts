/**
 * What is told of logs, whether somebody has opened them or not.
 */
import { expect, test } from "bun:test";
import { logFamilies } from "../../../../src/broker/metrics/logs.ts";
import { loadServerConfig } from "../../../../src/config/load.ts";
import { logConfigFrom } from "../../../../src/config/topic-config.ts";
import { LogManager } from "../../../../src/log/log-manager.ts";
import { uuidFromBytes } from "../../../../src/protocol/uuid.ts";
import { SimulatedDisk } from "../../../disk/simulated-disk.ts";
import { batchOf } from "../../../support/batches.ts";
import { ManualClock } from "../../net/support/manual-clock.ts";

const ID = uuidFromBytes(Buffer.alloc(16, 1));
const say = () => {};

function open(disk: SimulatedDisk): LogManager {
  const { config } = loadServerConfig({ overrides: [] });
  const never = Number.MAX_SAFE_INTEGER;
  disk.makeDirectory("/data");
  return new LogManager({
    disk,
    clock: new ManualClock(),
    logger: { debug: say, info: say, warn: say, error: say },
    directories: [{ path: "/data", directoryId: null }],
    configOf: () => logConfigFrom(config, new Map()),
    topicIdOf: () => ID,
    settings: {
      ...{ retentionCheckIntervalMs: never, checkpointIntervalMs: never },
      ...{ producerIdExpirationMs: never, producerIdExpirationCheckIntervalMs: never },
    },
  });
}

/** The values of what is told of the partition, and of the directory. */
async function told(logs: LogManager, disk: SimulatedDisk): Promise<Record<string, number | undefined>> {
  const families = await logFamilies(logs, disk);
  return Object.fromEntries(
    families.map(({ name, samples }) => [name.replace("kafka_", ""), samples[0]?.value]),
  );
}

test("a log is told of in the same way before and after a restart, which doesn't open it", async () => {
  const disk = new SimulatedDisk();
  const first = open(disk);
  const batch = batchOf(["1", "2"]);
  first.getOrCreate("a", 0, ID, { isNew: true }).append(batch, { leaderEpoch: 0, origin: "client" });
  const wanted = {
    log_log_size: batch.length,
    log_log_numlogsegments: 1,
    log_log_logstartoffset: 0,
    log_log_logendoffset: 2,
    topic_partition_current_offset: 2,
    topic_partition_oldest_offset: 0,
    log_logmanager_offlinelogdirectorycount: 0,
  };

  expect(await told(first, disk)).toMatchObject(wanted);
  await first.shutdown();
  const second = open(disk);

  expect(await told(second, disk)).toMatchObject(wanted);
  expect([...(second.directories[0]?.hosted.values() ?? [])].map(({ log }) => log)).toEqual([null]);
});

test("a directory that has failed is told of, and its room isn't", async () => {
  const disk = new SimulatedDisk();
  const logs = open(disk);
  logs.directories[0]?.health.failed(Object.assign(new Error("EIO: broken"), { code: "EIO" }), "trying");

  const families = await told(logs, disk);
  expect(families).toMatchObject({
    log_logmanager_offlinelogdirectorycount: 1,
    log_logmanager_logdirectoryoffline: 1,
  });
  expect(families.houska_log_directory_free_bytes).toBeUndefined();
});
