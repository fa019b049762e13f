/**
 * Appends to the metadata log, as the leader of a quorum of one. An append is one batch, and durable when it returns:
 * all of its records are there after a crash, or none.
 *
 * Nothing is touched before the first append: a log that is only read stays as it is.
 */
import type { Disk, DiskFile } from "../../disk/disk.ts";
import { remedyFor } from "../../log/directory-advice.ts";
import { partitionMetadata } from "../../log/partition-metadata.ts";
import type { Logger } from "../../observe/logger.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { METADATA_TOPIC_ID } from "../../protocol/uuid.ts";
import { buildBatch, type NewRecord } from "../../records/builder.ts";
import { messageOf } from "../metadata-error.ts";
import { parentOf } from "../parent-of.ts";
import { leaderChange, quorumRecords } from "./control-records.ts";
import { segmentName } from "./file-names.ts";
import { allEpochs, LEADER_EPOCHS, writeEpochs } from "./leader-epochs.ts";
import { type LogState, lastEpoch } from "./log-state.ts";
import { epochToLead, formatQuorumState, QUORUM_STATE, readQuorumState } from "./quorum-state.ts";

export interface MetadataLogOptions {
  readonly disk: Disk;
  /** The folder `__cluster_metadata-0`; made when it is missing. */
  readonly folder: string;
  readonly nodeId: number;
  /** What reading the log has found. */
  readonly state: LogState;
  /** When a segment would become larger than this, the next one begins (metadata.log.segment.bytes). */
  readonly segmentBytes: number;
  /** When the first batch of a segment is older than this, the next one begins (metadata.log.segment.ms). */
  readonly segmentMs: number;
  readonly logger: Logger;
}

/** Where records have been put. */
export interface Appended {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
}

export class MetadataLog {
  private file: DiskFile | null = null;
  /** Bytes of the segment that is open. */
  private size = 0;
  /** When its first batch was written. */
  private beganAt: number | null = null;
  private end: number;
  private epoch = 0;
  /** Whether the log says that this node leads the epoch. */
  private leads = false;
  private failure: string | null = null;
  /** Whether a file was made in the folder whose name may not be on the device. */
  private hasNewNames = false;
  /** Whether the console has heard that it can't be written. */
  private wasTold = false;
  /** Bytes that no snapshot holds. */
  bytesSinceSnapshot: number;

  constructor(private readonly options: MetadataLogOptions) {
    const { state } = options;
    this.end = state.endOffset;
    this.bytesSinceSnapshot = state.bytesSinceSnapshot;
  }

  get endOffset(): number {
    return this.end;
  }

  /**
   * Appends the values as one batch; at least one.
   *
   * @param timestamp milliseconds since 1970
   * @throws KafkaError KAFKA_STORAGE_ERROR when it can't be written. Where it isn't certain that nothing was, no
   *   later append is taken: only reading the log again tells what it holds.
   */
  append(values: readonly Uint8Array[], timestamp: number): Appended {
    if (this.failure !== null) throw storageError(this.failure);
    const before = this.end;
    try {
      const file = this.file ?? this.open();
      const batches = this.leads ? [] : this.lead(timestamp);
      batches.push({ control: false, records: values.map((value) => ({ timestamp, key: null, value })) });
      this.write(file, batches, timestamp);
    } catch (error) {
      this.tell(error);
      throw storageError(messageOf(error));
    }
    this.wasTold = false;
    if (!this.leads) this.rememberEpochs(before);
    this.leads = true;
    return { baseOffset: this.end - values.length, lastOffset: this.end - 1, epoch: this.epoch };
  }

  /** Nothing can be appended behind it. */
  close(): void {
    this.failure ??= "it is closed";
    this.file?.close();
    this.file = null;
  }

  /** Opens the last segment, without what an interrupted write has left there, or begins the first. */
  private open(): DiskFile {
    const { disk, folder, state, logger } = this.options;
    // A log that was there when it was read has been taken away, and doesn't begin anew.
    if (state.endOffset === 0 && !disk.exists(folder)) disk.makeSubdirectory(folder);
    disk.syncDirectory(parentOf(folder));
    const partition = `${folder}/partition.metadata`;
    if (!disk.exists(partition)) {
      // It always says the same, and nobody waits for it to say so.
      const content = partitionMetadata(METADATA_TOPIC_ID);
      disk.replaceFile(partition, content).catch((error: unknown) => this.tell(error));
    }
    if (state.segment === null) return this.createSegment();
    const { path, sizeInBytes, cutShortBytes } = state.segment;
    const file = disk.open(path, "readwrite");
    if (cutShortBytes > 0) {
      logger.warn(`${path}: cutting off ${cutShortBytes} bytes of a write that was interrupted`);
      file.truncate(sizeInBytes);
      file.sync();
    }
    this.size = sizeInBytes;
    this.beganAt = state.segment.beganAt;
    this.file = file;
    return file;
  }

  private createSegment(): DiskFile {
    const { disk, folder } = this.options;
    const file = disk.open(`${folder}/${segmentName(this.end)}`, "create");
    this.hasNewNames = true;
    this.file?.close();
    this.file = file;
    this.size = 0;
    this.beganAt = null;
    return file;
  }

  /** Takes the lead, and returns what a new leader has to write first. */
  private lead(timestamp: number): Batch[] {
    const { disk, folder, nodeId, state } = this.options;
    const path = `${folder}/${QUORUM_STATE}`;
    const { epoch, isNew } = epochToLead(lastEpoch(state), readQuorumState(disk, path), nodeId);
    this.epoch = epoch;
    const content = formatQuorumState(state.kraftVersion, nodeId, epoch);
    const before = disk.exists(path) ? new TextDecoder().decode(disk.readFile(path)) : "";
    if (before !== content) {
      disk.writeFileAtomically(path, content, false);
      this.hasNewNames = true;
    }
    if (!isNew) return [];
    const records = [leaderChange(nodeId, timestamp)];
    if (state.kraftVersion > 0 && !state.votersInLog) {
      records.push(...quorumRecords(state.kraftVersion, state.voters, timestamp));
    }
    return [{ control: true, records }];
  }

  /** Nobody depends on this file: whoever opens the log finds the epochs in its batches. */
  private rememberEpochs(leadFrom: number): void {
    const { disk, folder, state, logger } = this.options;
    const path = `${folder}/${LEADER_EPOCHS}`;
    const failed = (error: unknown) => logger.warn(`${path} can't be written: ${messageOf(error)}`);
    try {
      const epochs = allEpochs(disk, path, state.epochs);
      if (this.epoch > lastEpoch(state)) epochs.push({ epoch: this.epoch, startOffset: leadFrom });
      writeEpochs(disk, path, epochs).catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  private write(file: DiskFile, batches: readonly Batch[], timestamp: number): void {
    let end = this.end;
    const built = batches.map(({ control, records }) => {
      const batch = buildBatch({ baseOffset: end, partitionLeaderEpoch: this.epoch, control, records });
      end += records.length;
      return batch;
    });
    const bytes = Buffer.concat(built);
    const target = this.isOver(bytes.length, timestamp) ? this.createSegment() : file;
    this.writeDurably(target, bytes);
    this.beganAt ??= timestamp;
    this.size += bytes.length;
    this.bytesSinceSnapshot += bytes.length;
    this.end = end;
  }

  /** Whether the segment has no room or no time for more. */
  private isOver(bytes: number, now: number): boolean {
    const { segmentBytes, segmentMs } = this.options;
    if (this.size === 0) return false;
    return this.size + bytes > segmentBytes || (this.beganAt !== null && now - this.beganAt > segmentMs);
  }

  private writeDurably(file: DiskFile, bytes: Buffer): void {
    try {
      file.write(bytes, 0, bytes.length, this.size);
    } catch (error) {
      // Nothing of it counts until it is whole; if it can't be taken back, the next write would stand behind it.
      this.orFail(() => file.truncate(this.size), error);
      throw error;
    }
    // What is on the disk when this fails, nobody knows: the system may have kept the bytes or dropped them.
    this.orFail(() => file.sync());
    if (!this.hasNewNames) return;
    const { disk, folder } = this.options;
    this.orFail(() => disk.syncDirectory(folder));
    this.hasNewNames = false;
  }

  /** What is written to it comes seldom: nobody would see that it fails from anything else. */
  private tell(error: unknown): void {
    const remedy = remedyFor(error);
    if (this.wasTold || remedy === null) return;
    this.wasTold = true;
    const restart = this.failure === null ? "" : " and restart the broker";
    this.options.logger.error(
      `The metadata log in ${this.options.folder} can't be written: ${messageOf(error)}. Topics and configs can't be changed; what is there is served. ${remedy}${restart}.`,
    );
  }

  private orFail(operation: () => void, cause?: unknown): void {
    try {
      operation();
    } catch (error) {
      this.failure = messageOf(cause ?? error);
      throw error;
    }
  }
}

interface Batch {
  readonly control: boolean;
  readonly records: NewRecord[];
}

function storageError(message: string): KafkaError {
  return new KafkaError("KAFKA_STORAGE_ERROR", `The metadata log can't be written: ${message}`);
}
