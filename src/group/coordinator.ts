/**
 * The group coordinator: what the APIs call. It finds the shard that keeps a group and runs there what was asked.
 * All throw KafkaError: NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS or COORDINATOR_NOT_AVAILABLE where the shard
 * isn't there (yet), else what the operations say.
 */
import type { Outcome } from "../coordinator/outcome.ts";
import { Runtime } from "../coordinator/runtime.ts";
import { TopicLogs } from "../coordinator/topic-logs.ts";
import type { TransactionEnd } from "../coordinator/transaction-end.ts";
import type { TransactionalProducer } from "../coordinator/writer.ts";
import type { MetadataChange } from "../metadata/image/change.ts";
import type { ConsumerGroupHeartbeatRequest } from "../protocol/messages/consumer-group-heartbeat.ts";
import type { HeartbeatRequest } from "../protocol/messages/heartbeat.ts";
import type { JoinGroupRequest } from "../protocol/messages/join-group.ts";
import type { LeaveGroupRequest } from "../protocol/messages/leave-group.ts";
import type { OffsetCommitRequest } from "../protocol/messages/offset-commit.ts";
import type { OffsetDeleteRequest } from "../protocol/messages/offset-delete.ts";
import type { SyncGroupRequest } from "../protocol/messages/sync-group.ts";
import type { TxnOffsetCommitRequest } from "../protocol/messages/txn-offset-commit.ts";
import type { Decoded } from "../protocol/schema.ts";
import { beat, join, leave, sync } from "./classic-requests.ts";
import { groupRecordCodec } from "./codec.ts";
import { consumerGroupHeartbeat } from "./consumer/heartbeat.ts";
import { type DeletionResult, deleteGroup } from "./delete.ts";
import {
  type DescribedClassicGroup,
  type DescribedConsumerGroup,
  describeConsumer,
  describeGroup,
} from "./describe.ts";
import type { Requester } from "./environment.ts";
import { type GroupBroker, groupEnvironment } from "./group-environment.ts";
import { GROUP_TOPIC, groupTopicCompression } from "./group-topic.ts";
import { type GroupFilter, type ListedGroup, listGroups } from "./list.ts";
import { commitOffsets } from "./offsets/commit.ts";
import { deleteOffsets } from "./offsets/delete.ts";
import { type FetchedGroup, fetchOffsets, type GroupOffsets } from "./offsets/fetch.ts";
import { deleteOffsetsOfTopics } from "./offsets/topic-deletion.ts";
import { commitTransactionalOffsets } from "./offsets/transactional-commit.ts";
import { type GroupOverview, groupOverviews } from "./overview.ts";
import type { GroupRecord } from "./record.ts";
import { ReplayedGroupShard } from "./replayed-shard.ts";
import type { GroupShard } from "./shard.ts";
import { MetadataTopics } from "./topics.ts";

/** How long after the start groups are loaded that nobody has asked for. */
const LOAD_AFTER_MS = 1000;

export class GroupCoordinator {
  private readonly runtime: Runtime<GroupRecord, ReplayedGroupShard>;
  private readonly topics: MetadataTopics;
  private unsubscribe: () => void = () => {};

  constructor(private readonly broker: GroupBroker) {
    const { config, clock, logger, metadata, logs, nodeId } = broker;
    const image = () => metadata.image;
    const topicLogs = new TopicLogs(GROUP_TOPIC, image, logs, nodeId);
    const topics = new MetadataTopics(image, (id) => (id === nodeId ? config().brokerRack : null));
    this.topics = topics;
    this.runtime = new Runtime({
      topic: GROUP_TOPIC,
      partitionCount: () => topicLogs.partitionCount(),
      logOf: (partition) => topicLogs.logOf(partition),
      withLog: () => topicLogs.withLog(),
      codec: groupRecordCodec,
      create: (timers) => new ReplayedGroupShard(groupEnvironment(broker, topics, timers)),
      compression: () => groupTopicCompression(config()),
      answersAwait: "all",
      clock,
      logger,
    });
  }

  /** Follows the metadata from now on, and soon loads in the background what there is to load. */
  start(): void {
    this.unsubscribe = this.broker.metadata.subscribe((change) => this.metadataChanged(change));
    this.runtime.loadLater(LOAD_AFTER_MS);
  }

  /** Answers all who wait with NOT_COORDINATOR, and takes no more requests. */
  close(): void {
    this.unsubscribe();
    this.runtime.close();
  }

  /** FindCoordinator: begins to load the group's shard. Throws NOT_COORDINATOR when there is none here. */
  prepare(groupId: string): void {
    this.runtime.touch(this.partitionFor(groupId));
  }

  /** The partition of `__consumer_offsets` that keeps the group. Throws NOT_COORDINATOR while there is no such topic. */
  partitionFor(groupId: string): number {
    return this.runtime.partitionFor(groupId);
  }

  joinGroup(request: Decoded<typeof JoinGroupRequest>, requester: Requester) {
    return this.write(request.groupId, (shard, nowMs) => join(shard, request, requester, nowMs));
  }

  syncGroup(request: Decoded<typeof SyncGroupRequest>) {
    return this.write(request.groupId, (shard, nowMs) => sync(shard, request, nowMs));
  }

  heartbeat(request: Decoded<typeof HeartbeatRequest>) {
    return this.write(request.groupId, (shard) => beat(shard, request));
  }

  /** Members are named in `members`, in all versions of the request. */
  leaveGroup(request: Decoded<typeof LeaveGroupRequest>) {
    return this.write(request.groupId, (shard, nowMs) => leave(shard, request, nowMs));
  }

  consumerGroupHeartbeat(request: Decoded<typeof ConsumerGroupHeartbeatRequest>, requester: Requester) {
    return this.write(request.groupId, (shard, nowMs) =>
      consumerGroupHeartbeat(shard, request, requester, nowMs),
    );
  }

  /** Topics have their names and ids, and the partitions exist. */
  commitOffsets(request: Decoded<typeof OffsetCommitRequest>, requester: Requester) {
    return this.write(request.groupId, (shard, nowMs) => commitOffsets(shard, request, requester, nowMs));
  }

  /** Topics have their names, the partitions exist, and the producer's transaction is open and knows the group. */
  commitTransactionalOffsets(request: Decoded<typeof TxnOffsetCommitRequest>, requester: Requester) {
    const { groupId, producerId, producerEpoch } = request;
    return this.write(
      groupId,
      (shard, nowMs) => commitTransactionalOffsets(shard, request, requester, nowMs),
      { producerId, producerEpoch },
    );
  }

  /** WriteTxnMarkers for a partition of `__consumer_offsets`: makes what the transaction committed count, or drops it. */
  endTransaction(partition: number, end: TransactionEnd): Promise<void> | undefined {
    return this.runtime.endTransaction(partition, end);
  }

  fetchOffsets(request: FetchedGroup, requireStable: boolean): GroupOffsets {
    return this.read(request.groupId, (shard) => fetchOffsets(shard, request, requireStable));
  }

  /** The partitions exist. */
  deleteOffsets(request: Decoded<typeof OffsetDeleteRequest>) {
    return this.write(request.groupId, (shard) => deleteOffsets(shard, request));
  }

  listGroups(filter: GroupFilter): ListedGroup[] {
    return this.runtime.readAll((shard) => listGroups(shard, filter)).flat();
  }

  /** What there is to watch. */
  overview(): GroupOverview[] {
    return this.runtime.readAll(groupOverviews).flat();
  }

  describeGroup(groupId: string, apiVersion: number): DescribedClassicGroup {
    return this.read(groupId, (shard) => describeGroup(shard, groupId, apiVersion));
  }

  describeConsumerGroup(groupId: string): DescribedConsumerGroup {
    return this.read(groupId, (shard) => describeConsumer(shard, groupId));
  }

  deleteGroup(groupId: string): DeletionResult | Promise<DeletionResult> {
    return this.write(groupId, (shard) => deleteGroup(shard, groupId));
  }

  private write<Reply>(
    groupId: string,
    operation: (shard: GroupShard, nowMs: number) => Outcome<GroupRecord, Reply>,
    producer?: TransactionalProducer,
  ): Reply | Promise<Reply> {
    return this.runtime.write(this.partitionFor(groupId), operation, producer);
  }

  private read<Reply>(groupId: string, operation: (shard: GroupShard) => Reply): Reply {
    return this.runtime.read(this.partitionFor(groupId), operation);
  }

  private metadataChanged(change: MetadataChange): void {
    this.topics.changed(change);
    const { deletedTopics } = change;
    if (deletedTopics.length === 0) return;
    if (deletedTopics.some(({ name }) => name === GROUP_TOPIC)) {
      this.runtime.unload();
      return;
    }
    this.runtime.writeAll(
      (shard) => deleteOffsetsOfTopics(shard, deletedTopics),
      (partition, error) => {
        const names = deletedTopics.map(({ name }) => name).join(", ");
        this.broker.logger.error(`${GROUP_TOPIC}-${partition}: offsets of ${names} are left: ${error}`);
      },
    );
  }
}
