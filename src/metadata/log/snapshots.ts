/**
 * When the metadata log gets a snapshot, and what goes because there is one: a start has little to read then, and the
 * log doesn't grow for ever.
 */
import type { ServerConfig } from "../../config/server-config.ts";
import type { Disk } from "../../disk/disk.ts";
import type { Logger } from "../../observe/logger.ts";
import { messageOf } from "../metadata-error.ts";
import { snapshotName } from "./file-names.ts";
import { applyMetadataRetention } from "./retention.ts";
import { type NewSnapshot, writeSnapshot } from "./write-snapshot.ts";

export interface SnapshotsOptions {
  readonly disk: Disk;
  /** The folder `__cluster_metadata-0`. */
  readonly folder: string;
  readonly logger: Logger;
  readonly config: () => ServerConfig;
}

export class Snapshots {
  #lastAt: number;
  #cleaning: Promise<void> = Promise.resolve();

  /** @param now milliseconds since 1970: from here on the time counts until the first one */
  constructor(
    private readonly options: SnapshotsOptions,
    now: number,
  ) {
    this.#lastAt = now;
  }

  /**
   * Whether one is to be written, by `metadata.log.max.record.bytes.between.snapshots` and
   * `metadata.log.max.snapshot.interval.ms`.
   *
   * @param bytes of records that are in no snapshot
   */
  isDue(bytes: number, now: number): boolean {
    const { metadataLogMaxRecordBytesBetweenSnapshots: maxBytes, metadataLogMaxSnapshotIntervalMs: maxMs } =
      this.options.config();
    return bytes >= maxBytes || (bytes > 0 && maxMs > 0 && now - this.#lastAt >= maxMs);
  }

  /** Writes one of everything below `endOffset`. One that can't be written is warned of: the log still has everything. */
  write(endOffset: number, snapshot: NewSnapshot): void {
    const { disk, folder, logger } = this.options;
    const path = `${folder}/${snapshotName(endOffset, snapshot.epoch)}`;
    this.#lastAt = snapshot.timestamp;
    try {
      writeSnapshot(disk, path, snapshot);
      this.clean(snapshot.timestamp);
    } catch (error) {
      logger.warn(`${path} can't be written: ${messageOf(error)}`);
    }
  }

  /** Removes old snapshots and segments in the background (`metadata.max.retention.bytes` and `.ms`). */
  clean(now: number): void {
    const { disk, folder, logger, config } = this.options;
    this.#cleaning = this.#cleaning.then(() => {
      const { metadataMaxRetentionBytes: retentionBytes, metadataMaxRetentionMs: retentionMs } = config();
      return applyMetadataRetention({ disk, folder, retentionBytes, retentionMs, now, logger });
    });
  }
}
