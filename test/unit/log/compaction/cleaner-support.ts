/**
 * What the tests of the log cleaner share: a disk in memory, and log managers that compact what lies on it.
 */
import type { CleanerSettings } from "../../../../src/log/compaction/log-cleaner.ts";
import type { LogManager } from "../../../../src/log/log-manager.ts";
import type { SimulatedDisk } from "../../../disk/simulated-disk.ts";
import { emptyDisk } from "../log-manager/support.ts";
import { client, consume, defaultConfig, someTopicId, TestClock } from "../support.ts";
import { compacted, keyed } from "./support.ts";

export const CHECKPOINT = "/logs/cleaner-offset-checkpoint";

const usual: CleanerSettings = {
  isEnabled: true,
  backoffMs: 15_000,
  dedupeBufferBytes: 100_000,
  dedupeBufferLoadFactor: 0.9,
  ioBufferBytes: 1000,
  ioMaxBytesPerSecond: Number.MAX_VALUE,
};

/** An empty disk, with what opens the log directory on it; all topics are compacted. */
export function diskToCompact(clock = new TestClock()) {
  const { disk, logger, configs, read, open: openWith } = emptyDisk(clock);
  const open = (settings: Partial<CleanerSettings> = {}): LogManager =>
    openWith(
      {
        configOf: (topic) => ({
          ...defaultConfig,
          ...compacted,
          minCleanableDirtyRatio: 0.5,
          ...configs.get(topic),
        }),
        topicIdOf: () => someTopicId,
        cleaner: () => ({ ...usual, ...settings }),
      },
      ["/logs"],
    );
  return { disk, clock, logger, configs, open, checkpoint: () => read(CHECKPOINT) };
}

/** Writes a key of its own and then the same few keys over and over. */
export function write(
  manager: LogManager,
  topic: string,
  count: number,
  timestamp = 1_700_000_000_000,
): void {
  const log = manager.getOrCreate(topic, 0, someTopicId);
  for (let index = 0; index < count; index++) {
    const key = index === 0 ? `from ${log.logEndOffset}` : `k${index % 3}`;
    log.append(keyed([[key, `${index}`.padEnd(60)]], { timestamp }), client);
  }
}

export function offsetsOf(manager: LogManager, topic: string): number[] {
  const log = manager.get(topic, 0);
  return log ? consume(log).map(({ offset }) => offset) : [];
}

/** Where the segment begins that is appended to. */
export function activeBase(disk: SimulatedDisk, topic: string): number {
  const bases = disk
    .files()
    .filter((path) => path.startsWith(`/logs/${topic}-0/`) && path.endsWith(".log"))
    .map((path) => Number(/(\d+)\.log$/.exec(path)?.[1]));
  return Math.max(...bases);
}
