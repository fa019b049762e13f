/**
 * The broker's configs as those who look after its logs need them.
 */
import type { ServerConfig } from "../config/server-config.ts";
import type { CleanerSettings } from "../log/compaction/log-cleaner.ts";
import type { MaintenanceSettings } from "../log/log-maintenance.ts";

/** When retention, checkpoints and producers are seen to. */
export function maintenanceSettings(config: ServerConfig): MaintenanceSettings {
  return {
    initialDelayMs: config.logInitialTaskDelayMs,
    retentionCheckIntervalMs: config.logRetentionCheckIntervalMs,
    checkpointIntervalMs: config.logFlushOffsetCheckpointIntervalMs,
    logStartCheckpointIntervalMs: config.logFlushStartOffsetCheckpointIntervalMs,
    highWatermarkCheckpointIntervalMs: config.replicaHighWatermarkCheckpointIntervalMs,
    producerIdExpirationMs: config.producerIdExpirationMs,
    producerIdExpirationCheckIntervalMs: config.producerIdExpirationCheckIntervalMs,
  };
}

/** When compaction runs, and with how much memory. */
export function cleanerSettings(config: ServerConfig): CleanerSettings {
  return {
    isEnabled: config.logCleanerEnable,
    backoffMs: config.logCleanerBackoffMs,
    dedupeBufferBytes: config.logCleanerDedupeBufferSize,
    dedupeBufferLoadFactor: config.logCleanerIoBufferLoadFactor,
    ioBufferBytes: config.logCleanerIoBufferSize,
    ioMaxBytesPerSecond: config.logCleanerIoMaxBytesPerSecond,
  };
}
