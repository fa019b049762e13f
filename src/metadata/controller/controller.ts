/**
 * The controller of a cluster of one node. Each method validates, has the records of the change appended to the
 * metadata log, durably, and replays them: when it returns, the image shows the change and a crash can't undo it.
 *
 * Methods that answer for many things report their errors in the results; all throw KafkaError KAFKA_STORAGE_ERROR
 * when the log can't be written.
 */
import type { ClusterImage } from "../image/cluster-image.ts";
import type { NewMetadataRecord } from "../records.ts";
import { allocateProducerIds, type ProducerIdBlock } from "./allocate-producer-ids.ts";
import {
  type AlterConfigsResult,
  type IncrementalAlteration,
  incrementalAlterConfigs,
  type Replacement,
  replaceAllConfigs,
} from "./alter-configs.ts";
import {
  alterReassignments,
  type TopicReassignmentResults,
  type TopicReassignments,
} from "./alter-reassignments.ts";
import {
  type CreatePartitionsResult,
  createPartitions,
  type PartitionsRequest,
} from "./create-partitions.ts";
import { type CreateTopicResult, createTopics, type NewTopic } from "./create-topics.ts";
import { type DeleteTopicResult, deleteTopics, type TopicToDelete } from "./delete-topics.ts";
import type { ControllerEnvironment, Outcome } from "./outcome.ts";
import { requestedElections, type TopicElectionResults, type TopicElections } from "./requested-elections.ts";
import { unregisterBroker } from "./unregister-broker.ts";
import { type FeatureUpdate, type SupportedLevels, updateFeatures } from "./update-features.ts";

export interface ValidateOnly {
  /** True to find out what would happen, and change nothing. */
  readonly validateOnly: boolean;
}

export class Controller {
  constructor(
    private readonly image: ClusterImage,
    /** Worked out for each request: the configuration changes. */
    private readonly environment: () => ControllerEnvironment,
    /** Appends records durably and replays them. */
    private readonly commit: (records: readonly NewMetadataRecord[]) => void,
  ) {}

  /** Creates topics; see create-topics.ts for the order of the results. */
  createTopics(topics: readonly NewTopic[], options: ValidateOnly): CreateTopicResult[] {
    return this.settle(createTopics(this.image, this.environment(), topics), options);
  }

  /** Deletes topics by name or id. Throws TOPIC_DELETION_DISABLED when delete.topic.enable is false. */
  deleteTopics(topics: readonly TopicToDelete[]): DeleteTopicResult[] {
    return this.settle(deleteTopics(this.image, this.environment(), topics));
  }

  /** Adds partitions to topics. */
  createPartitions(topics: readonly PartitionsRequest[], options: ValidateOnly): CreatePartitionsResult[] {
    return this.settle(createPartitions(this.image, this.environment(), topics), options);
  }

  /** Changes single configs of topics, brokers, groups and client metrics. */
  incrementalAlterConfigs(
    resources: readonly IncrementalAlteration[],
    options: ValidateOnly,
  ): AlterConfigsResult[] {
    return this.settle(incrementalAlterConfigs(this.image, this.environment(), resources), options);
  }

  /** The older AlterConfigs: what is not named is gone. */
  alterConfigs(resources: readonly Replacement[], options: ValidateOnly): AlterConfigsResult[] {
    return this.settle(replaceAllConfigs(this.image, this.environment(), resources), options);
  }

  /** A block of producer ids that nobody has had. */
  allocateProducerIds(): ProducerIdBlock {
    return this.settle(allocateProducerIds(this.image, this.environment()));
  }

  /** Changes the levels of features: all of them, or none where it throws INVALID_UPDATE_VERSION. */
  updateFeatures(
    updates: readonly FeatureUpdate[],
    supported: readonly SupportedLevels[],
    options: ValidateOnly,
  ): void {
    this.settle(updateFeatures(this.image, this.environment().nodeId, updates, supported), options);
  }

  /** Holds elections (0 preferred, 1 unclean); of all partitions for null. */
  electLeaders(type: number, topics: readonly TopicElections[] | null): TopicElectionResults[] {
    return this.settle(requestedElections(this.image, this.environment(), type, topics));
  }

  /** Gives partitions other replicas. */
  alterReassignments(
    topics: readonly TopicReassignments[],
    allowReplicationFactorChange: boolean,
  ): TopicReassignmentResults[] {
    return this.settle(
      alterReassignments(this.image, this.environment(), topics, allowReplicationFactorChange),
    );
  }

  /** Takes a broker that is gone out of the metadata. Throws BROKER_ID_NOT_REGISTERED when there is none. */
  unregisterBroker(brokerId: number): void {
    this.settle(unregisterBroker(this.image, this.environment(), brokerId));
  }

  private settle<Reply>({ records, reply }: Outcome<Reply>, options?: ValidateOnly): Reply {
    if (records.length > 0 && options?.validateOnly !== true) this.commit(records);
    return reply;
  }
}
