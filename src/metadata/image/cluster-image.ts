/**
 * The cluster as the metadata log describes it. Only replaying records changes it, so it is the same for the same
 * log, whoever wrote that.
 */
import type { Uuid } from "../../protocol/uuid.ts";
import { METADATA_VERSION, MIN_METADATA_VERSION, recordVersionsAt } from "../feature-levels.ts";
import type { MetadataRecord } from "../records.ts";
import { type BrokerImage, BrokersImage } from "./brokers-image.ts";
import type { ConfigResourceKey } from "./change.ts";
import { ClientQuotasImage } from "./client-quotas-image.ts";
import { ConfigsImage } from "./configs-image.ts";
import { FeaturesImage } from "./features-image.ts";
import { SecurityImage } from "./security-image.ts";
import type { TopicImage } from "./topic-image.ts";
import { TopicsImage } from "./topics-image.ts";

export type { BrokerImage } from "./brokers-image.ts";
export type { PartitionImage } from "./partition-image.ts";
export type { TopicImage } from "./topic-image.ts";

/** The parts that records are replayed into (replay.ts); everybody else reads through ClusterImage. */
export class ImageParts {
  readonly topics = new TopicsImage();
  readonly configs = new ConfigsImage();
  readonly features = new FeaturesImage();
  readonly cluster = new BrokersImage();
  readonly quotas = new ClientQuotasImage();
  readonly security = new SecurityImage();
  /** The first producer id that no broker has been given; −1n before the first block (KIP-730). */
  nextProducerId = -1n;
}

export class ClusterImage {
  /** The last record that the image holds, and its leader's epoch; −1 and 0 for none. */
  lastOffset = -1;
  lastEpoch = 0;
  /** Grows by one with every change, so that others know when to work out again what they keep. */
  version = 0;

  constructor(
    readonly clusterId: string,
    readonly parts: ImageParts = new ImageParts(),
  ) {}

  topicByName(name: string): TopicImage | undefined {
    return this.parts.topics.byName(name);
  }

  topicById(id: Uuid): TopicImage | undefined {
    return this.parts.topics.byId(id);
  }

  /** In no particular order. */
  topics(): Iterable<TopicImage> {
    return this.parts.topics.all();
  }

  /** Sorted as Java sorts strings. */
  topicNames(): readonly string[] {
    return this.parts.topics.sorted();
  }

  /** The name of a topic that metrics, which turn dots into underscores, would take for one of this name. */
  collidingTopic(name: string): string | undefined {
    return this.parts.topics.colliding(name);
  }

  /** The configs a resource has of its own. Type 2 topic, 4 broker ("" for the cluster's default), 16 client metrics, 32 group. */
  configs(type: number, name: string): ReadonlyMap<string, string> {
    return this.parts.configs.of(type, name);
  }

  /** The resources that have configs of their own. */
  configResources(): Iterable<ConfigResourceKey> {
    return this.parts.configs.resources();
  }

  /** The features that are on, kraft.version among them. */
  get features(): ReadonlyMap<string, number> {
    return this.parts.features.levels;
  }

  /** The level of metadata.version; the lowest where the log doesn't say. */
  get metadataVersion(): number {
    return this.features.get(METADATA_VERSION) ?? MIN_METADATA_VERSION;
  }

  /** The registered brokers: what Apache Kafka wrote, if it ever had the directory. */
  get brokers(): ReadonlyMap<number, BrokerImage> {
    return this.parts.cluster.brokers;
  }

  /** The first producer id that has not been handed out. */
  get nextProducerId(): bigint {
    return this.parts.nextProducerId < 0n ? 0n : this.parts.nextProducerId;
  }

  get clientQuotas(): ClientQuotasImage {
    return this.parts.quotas;
  }

  get security(): SecurityImage {
    return this.parts.security;
  }

  /** Records that make this image from nothing, in the order in which Kafka writes a snapshot. */
  *records(): Generator<MetadataRecord> {
    const { topics, configs, features, cluster, quotas, security, nextProducerId } = this.parts;
    const versions = recordVersionsAt(this.metadataVersion);
    yield* features.records();
    yield* cluster.records(versions.registerBroker);
    yield* topics.records(versions.partition);
    yield* configs.records();
    yield* quotas.records();
    if (nextProducerId >= 0n) {
      const message = { brokerId: -1, brokerEpoch: -1n, nextProducerId };
      yield { name: "ProducerIdsRecord", version: 0, message };
    }
    yield* security.aclRecords();
    yield* security.scramRecords();
    yield* security.tokenRecords();
  }
}
