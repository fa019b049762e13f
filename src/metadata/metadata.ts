/**
 * The cluster's metadata: opens the metadata log, keeps the image that it leads to, and lets the controller change
 * it. What is appended is read back from the very bytes that were written, so that the image is always what a restart
 * would find.
 */
import type { Clock } from "../clock.ts";
import type { ServerConfig } from "../config/server-config.ts";
import type { Disk } from "../disk/disk.ts";
import type { Logger } from "../observe/logger.ts";
import { KafkaError } from "../protocol/errors.ts";
import { type Uuid, ZERO_UUID } from "../protocol/uuid.ts";
import { bootstrapRecords } from "./bootstrap.ts";
import { Controller } from "./controller/controller.ts";
import { electLeaders } from "./controller/elect-leaders.ts";
import type { ControllerEnvironment } from "./controller/outcome.ts";
import { INITIAL_FEATURE_LEVELS, KRAFT_VERSION, METADATA_VERSION } from "./feature-levels.ts";
import { ChangeCollector, type MetadataChange } from "./image/change.ts";
import { ClusterImage } from "./image/cluster-image.ts";
import type { RecordApplier, RecordBatch } from "./image/transactions.ts";
import { quorumRecords } from "./log/control-records.ts";
import { METADATA_DIRECTORY } from "./log/file-names.ts";
import type { LogState } from "./log/log-state.ts";
import { MetadataLog } from "./log/metadata-log.ts";
import { readLog } from "./log/read-log.ts";
import { Snapshots } from "./log/snapshots.ts";
import { MetadataError, messageOf } from "./metadata-error.ts";
import { decodeRecord, encodeRecord, type NewMetadataRecord } from "./records.ts";

export type { MetadataChange } from "./image/change.ts";

/** Where the controller of a new directory can be reached: what a quorum with voters in the log notes (KIP-853). */
export interface ControllerEndpoint {
  /** The listener's name. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface MetadataOptions {
  readonly disk: Disk;
  /** The log directory that has the metadata log: metadata.log.dir, or the first of log.dirs. */
  readonly directory: string;
  /** Reads a whole file; the metadata log's files are read by nothing else. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly clock: Clock;
  /** Fills a buffer with random bytes. */
  readonly random: (target: Uint8Array) => void;
  readonly logger: Logger;
  readonly nodeId: number;
  readonly clusterId: string;
  /** The id of `directory`. */
  readonly directoryId: Uuid;
  /** The ids of the log directories that partitions are put into. */
  readonly directoryIds: readonly Uuid[];
  /** The broker's configuration as it is now, dynamic changes included. */
  readonly config: () => ServerConfig;
  /**
   * For a directory that has no metadata log yet: with endpoints its log says who the voters are (kraft.version 1, as
   * `kafka-storage.sh format --standalone` has it); without, `controller.quorum.voters` of the configuration does.
   */
  readonly controllerEndpoints?: readonly ControllerEndpoint[];
  /** The feature levels of a new directory; `INITIAL_FEATURE_LEVELS` where left out. */
  readonly featureLevels?: ReadonlyMap<string, number>;
  /** True after a crash: every partition begins a new leader epoch, as it does with Apache Kafka. */
  readonly uncleanShutdown?: boolean;
}

/** Bytes of one append; what Kafka takes as a batch of its metadata log at most (KafkaRaftClient). */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** Records in one batch of elections at start-up: more of them go into more batches. */
const ELECTIONS_PER_BATCH = 10_000;

/** The metadata log as its quorum sees it. */
export interface QuorumView {
  readonly leaderEpoch: number;
  /** Where the next record goes. */
  readonly endOffset: number;
  /** The directory of the voter as the log names it, ZERO_UUID where the configuration names the voters. */
  readonly voterDirectoryId: Uuid;
  /** Where the log says that the voter can be reached. */
  readonly endpoints: readonly ControllerEndpoint[];
}

export class Metadata {
  readonly controller: Controller;
  private readonly listeners = new Set<(change: MetadataChange) => void>();

  private constructor(
    private readonly options: MetadataOptions,
    readonly image: ClusterImage,
    private readonly applier: RecordApplier,
    private readonly log: MetadataLog,
    private readonly state: LogState,
    private readonly snapshots: Snapshots,
  ) {
    this.controller = new Controller(
      image,
      () => this.environment(),
      (records) => this.commit(records),
    );
  }

  /**
   * Opens the metadata log, begins it if there is none, and makes this node the leader of its partitions.
   *
   * @throws MetadataError when the log can't be used; it has not been touched then
   * @throws KafkaError KAFKA_STORAGE_ERROR when it can't be written
   */
  static async open(options: MetadataOptions): Promise<Metadata> {
    const { disk, directory, nodeId, logger, readFile } = options;
    const folder = `${directory}/${METADATA_DIRECTORY}`;
    const image = new ClusterImage(options.clusterId);
    const { state, applier } = await readLog({ disk, folder, readFile, image });
    checkVoters(folder, state, nodeId);
    const isNew = !image.features.has(METADATA_VERSION);
    if (isNew) nameVoter(state, image, options);
    const config = options.config();
    const segmentBytes = config.internalMetadataLogSegmentBytes ?? config.metadataLogSegmentBytes;
    const segmentMs = config.metadataLogSegmentMs;
    const log = new MetadataLog({ disk, folder, nodeId, state, segmentBytes, segmentMs, logger });
    const snapshots = new Snapshots({ disk, folder, logger, config: options.config }, options.clock.now());
    const metadata = new Metadata(options, image, applier, log, state, snapshots);
    try {
      if (applier.inTransaction) metadata.abortTransaction();
      if (isNew) await metadata.bootstrap();
      metadata.lead();
      snapshots.clean(options.clock.now());
    } catch (error) {
      log.close();
      throw error;
    }
    return metadata;
  }

  /** Calls `listener` after each change; returns a function that takes it off. */
  subscribe(listener: (change: MetadataChange) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** The epoch with which this node is registered; −1 when it isn't: what `.kafka_cleanshutdown` has to say. */
  get brokerEpoch(): number {
    return Number(this.image.brokers.get(this.options.nodeId)?.brokerEpoch ?? -1n);
  }

  /** What the quorum that writes the metadata log is told of: this node is all of it. */
  get quorum(): QuorumView {
    const { kraftVersion, voters } = this.state;
    const voter =
      kraftVersion > 0 ? voters.find(({ voterId }) => voterId === this.options.nodeId) : undefined;
    return {
      leaderEpoch: this.image.lastEpoch,
      endOffset: this.log.endOffset,
      voterDirectoryId: voter?.voterDirectoryId ?? ZERO_UUID,
      endpoints: voter?.endpoints ?? [],
    };
  }

  close(): void {
    this.log.close();
  }

  private environment(): ControllerEnvironment {
    const { nodeId, directoryIds, random, config } = this.options;
    return { nodeId, directoryIds, random, config: config() };
  }

  /** Makes a change durable, then visible, then known. */
  private commit(newRecords: readonly NewMetadataRecord[]): void {
    const values = newRecords.map(encodeRecord);
    const bytes = values.reduce((sum, value) => sum + value.length, 0);
    if (bytes > MAX_BATCH_BYTES) {
      const message = `The change takes ${bytes} bytes of metadata, and ${MAX_BATCH_BYTES} are allowed at once.`;
      throw new KafkaError("RECORD_LIST_TOO_LARGE", message);
    }
    const now = this.options.clock.now();
    const { lastOffset, epoch } = this.log.append(values, now);
    const change = new ChangeCollector();
    if (this.replay({ records: values.map(decodeRecord), lastOffset, epoch }, change)) {
      this.tell(change.finish());
    }
    this.snapshotIfDue(now);
  }

  private replay(batch: RecordBatch, change: ChangeCollector): boolean {
    try {
      return this.applier.apply(batch, change);
    } catch (error) {
      // The controller has written what can't be: whatever stood behind it would be lost with it.
      this.log.close();
      throw error;
    }
  }

  private tell(change: MetadataChange): void {
    for (const listener of this.listeners) {
      try {
        listener(change);
      } catch (error) {
        this.options.logger.error(`Following a change of the metadata failed: ${messageOf(error)}`);
      }
    }
  }

  private abortTransaction(): void {
    const message = { reason: "Controller failover" };
    this.commit([{ name: "AbortTransactionRecord", version: 0, message }]);
  }

  private async bootstrap(): Promise<void> {
    const { disk, directory, readFile, clock, featureLevels } = this.options;
    const records = await bootstrapRecords({
      disk,
      logDirectory: directory,
      readFile,
      found: this.state.bootstrapRecords,
      featureLevels: featureLevels ?? INITIAL_FEATURE_LEVELS,
      minInsyncReplicas: this.options.config().minInsyncReplicas,
      now: clock.now(),
    });
    this.commit(records);
  }

  private lead(): void {
    const { uncleanShutdown } = this.options;
    const elections = electLeaders(this.image, this.environment(), uncleanShutdown ?? false);
    for (let from = 0; from < elections.length; from += ELECTIONS_PER_BATCH) {
      this.commit(elections.slice(from, from + ELECTIONS_PER_BATCH));
    }
  }

  private snapshotIfDue(now: number): void {
    const { bytesSinceSnapshot, endOffset } = this.log;
    if (this.applier.inTransaction || !this.snapshots.isDue(bytesSinceSnapshot, now)) return;
    const { kraftVersion, voters } = this.state;
    this.log.bytesSinceSnapshot = 0;
    this.snapshots.write(endOffset, {
      control: kraftVersion > 0 ? quorumRecords(kraftVersion, voters, now) : [],
      records: this.image.records(),
      epoch: this.image.lastEpoch,
      lastContainedLogTimestamp: now,
      timestamp: now,
    });
  }
}

/** A quorum of others would not know of what is written here, and this node not of what they write. */
function checkVoters(folder: string, { voterIds }: LogState, nodeId: number): void {
  if (voterIds.every((id) => id === nodeId)) return;
  throw new MetadataError(
    folder,
    `the metadata log belongs to a quorum of the controllers ${voterIds.join(", ")}. ` +
      `Houska runs as the only controller, so it opens logs whose only voter is its own node ${nodeId}`,
  );
}

/** The voter of a log that begins now. */
function nameVoter(state: LogState, image: ClusterImage, options: MetadataOptions): void {
  const { controllerEndpoints, nodeId, directoryId } = options;
  const unwritten = state.endOffset === 0 && state.voterIds.length === 0;
  if (!unwritten || controllerEndpoints === undefined) return;
  state.kraftVersion = 1;
  state.voterIds = [nodeId];
  state.voters = [
    {
      voterId: nodeId,
      voterDirectoryId: directoryId,
      endpoints: controllerEndpoints.map((endpoint) => ({ ...endpoint })),
      kraftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
    },
  ];
  image.parts.features.set(KRAFT_VERSION, 1);
}
