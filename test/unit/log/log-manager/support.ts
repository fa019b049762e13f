/**
 * What the tests of the log manager share: log directories in memory, and managers that open them.
 */
import type { LogConfig } from "../../../../src/config/topic-config.ts";
import { LogManager, type LogManagerOptions } from "../../../../src/log/log-manager.ts";
import { parseUuid, ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { SimulatedDisk } from "../../../disk/simulated-disk.ts";
import { consume, defaultConfig, maintenance, someTopicId, TestClock, TestLogger } from "../support.ts";

export const otherTopicId = parseUuid("8sKzeraWT1CO-45EdFrosA") ?? ZERO_UUID;
export const directoryIds = ["Ythc5YP1R7G-bxLWAZ_EKg", "YA71bS4NS0aPhaHTJRPy9A"].map(
  (text) => parseUuid(text) ?? ZERO_UUID,
);

/** An empty disk, with what opens the log directories on it; topic a is known, others are not. */
export function emptyDisk(clock = new TestClock()) {
  const disk = new SimulatedDisk();
  const logger = new TestLogger();
  /** What a topic's configs say other than the default. */
  const configs = new Map<string, Partial<LogConfig>>();
  const open = (overrides: Partial<LogManagerOptions> = {}, paths = ["/one"]): LogManager =>
    new LogManager({
      disk,
      clock,
      logger,
      directories: paths.map((path, index) => ({ path, directoryId: directoryIds[index] ?? null })),
      configOf: (topic) => ({ ...defaultConfig, ...configs.get(topic) }),
      topicIdOf: (topic) => (topic === "a" ? someTopicId : undefined),
      settings: { ...maintenance, initialDelayMs: 30_000 },
      random: () => 0,
      ...overrides,
    });
  const read = (path: string) => disk.readFile(path).toString();
  return { disk, clock, logger, configs, open, read };
}

/** The offsets a consumer gets of a partition of topic a; none where there is no such partition. */
export function offsetsIn(manager: LogManager, partition = 0): number[] {
  const log = manager.get("a", partition);
  return log ? consume(log).map(({ offset }) => offset) : [];
}
