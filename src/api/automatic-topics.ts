/**
 * Topics that come to be because somebody asks for them: with the broker's defaults, or, where it is one of the
 * broker's own, as its coordinator needs it.
 */
import type { ServerConfig } from "../config/server-config.ts";
import type { NewTopic } from "../metadata/controller/create-topics.ts";
import { CLUSTER_METADATA_TOPIC } from "../metadata/controller/topic-names.ts";
import { ErrorCode } from "../protocol/errors.ts";
import type { RequestContext } from "./context.ts";
import { asKafkaError } from "./unexpected.ts";

/** Leaves a number to num.partitions or default.replication.factor. */
const BROKERS_DEFAULT = -1;

/**
 * Creates topics that don't exist, whose names are valid.
 *
 * @returns for each topic that could not be created, why
 */
export function createAutomatically(
  names: readonly string[],
  context: RequestContext,
): ReadonlyMap<string, ErrorCode> {
  const { broker } = context;
  const failures = new Map<string, ErrorCode>();
  const creatable = names.filter((name) => name !== CLUSTER_METADATA_TOPIC);
  if (creatable.length < names.length) {
    failures.set(CLUSTER_METADATA_TOPIC, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  }
  if (creatable.length === 0) return failures;
  for (const { name, error } of create(creatable, context)) {
    if (error === undefined) {
      broker.logger.info(`Created topic ${name}, which a client asked for.`);
      continue;
    }
    // Clients ask again and again, and are told the reason each time.
    broker.logger.debug(`Topic ${name}, which a client asked for, could not be created: ${error.message}`);
    failures.set(name, error.code);
  }
  return failures;
}

/** What can't be written down doesn't keep the topics that are there from being described. */
function create(names: readonly string[], context: RequestContext) {
  const { config, metadata } = context.broker;
  const topics = names.map((name) => automaticTopic(name, config()));
  try {
    return metadata.controller.createTopics(topics, { validateOnly: false });
  } catch (thrown) {
    const error = asKafkaError(thrown, "Automatic creation of topics", context);
    return names.map((name) => ({ name, error }));
  }
}

/** One broker can't keep more replicas than this, nor more in sync, whatever the configuration hopes for. */
const REPLICAS = 1;

/**
 * The topic of that name as the broker makes it when nobody says otherwise. The broker's own have one replica even
 * where the configuration asks for more: without them there would be no groups and no transactions.
 */
export function automaticTopic(name: string, config: ServerConfig): NewTopic {
  switch (name) {
    case "__consumer_offsets":
      return topic(name, config.offsetsTopicNumPartitions, REPLICAS, {
        "cleanup.policy": "compact",
        "compression.type": "producer",
        "segment.bytes": config.offsetsTopicSegmentBytes,
      });
    case "__transaction_state":
      return topic(name, config.transactionStateLogNumPartitions, REPLICAS, {
        "cleanup.policy": "compact",
        "compression.type": "uncompressed",
        "min.insync.replicas": REPLICAS,
        "segment.bytes": config.transactionStateLogSegmentBytes,
        "unclean.leader.election.enable": "false",
      });
    case "__share_group_state":
      return topic(name, config.shareCoordinatorStateTopicNumPartitions, REPLICAS, {
        "cleanup.policy": "delete",
        "compression.type": "producer",
        "min.insync.replicas": REPLICAS,
        "retention.ms": "-1",
        "segment.bytes": config.shareCoordinatorStateTopicSegmentBytes,
      });
    default:
      return topic(name, BROKERS_DEFAULT, BROKERS_DEFAULT, {});
  }
}

function topic(
  name: string,
  numPartitions: number,
  replicationFactor: number,
  configs: Record<string, string | number>,
): NewTopic {
  return {
    name,
    numPartitions,
    replicationFactor,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value: String(value) })),
  };
}
