/**
 * Topics that come to be because somebody asks for them: with the broker's defaults, or, where it is one of the
 * broker's own, as its coordinator needs it.
 */
import type { ServerConfig } from "../config/server-config.ts";
import type { NewTopic } from "../metadata/controller/create-topics.ts";
import { CLUSTER_METADATA_TOPIC } from "../metadata/controller/topic-names.ts";
import { ErrorCode } from "../protocol/errors.ts";
import type { RequestContext } from "./context.ts";

/**
 * Creates topics that don't exist, whose names are valid.
 *
 * @returns for each topic that could not be created, why
 */
export function createAutomatically(
  names: readonly string[],
  { broker }: RequestContext,
): ReadonlyMap<string, ErrorCode> {
  const failures = new Map<string, ErrorCode>();
  const creatable = names.filter((name) => name !== CLUSTER_METADATA_TOPIC);
  if (creatable.length < names.length) {
    failures.set(CLUSTER_METADATA_TOPIC, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  }
  if (creatable.length === 0) return failures;
  const config = broker.config();
  const topics = creatable.map((name) => automaticTopic(name, config));
  for (const { name, error } of broker.metadata.controller.createTopics(topics, { validateOnly: false })) {
    if (error === undefined) {
      broker.logger.info(`Created topic ${name}, which a client asked for.`);
      continue;
    }
    broker.logger.warn(`Topic ${name}, which a client asked for, could not be created: ${error.message}`);
    failures.set(name, error.code);
  }
  return failures;
}

/** The topic of that name as the broker makes it when nobody says otherwise. */
export function automaticTopic(name: string, config: ServerConfig): NewTopic {
  switch (name) {
    case "__consumer_offsets":
      return topic(name, config.offsetsTopicNumPartitions, config.offsetsTopicReplicationFactor, {
        "cleanup.policy": "compact",
        "compression.type": "producer",
        "segment.bytes": config.offsetsTopicSegmentBytes,
      });
    case "__transaction_state":
      return topic(
        name,
        config.transactionStateLogNumPartitions,
        config.transactionStateLogReplicationFactor,
        {
          "cleanup.policy": "compact",
          "compression.type": "uncompressed",
          "min.insync.replicas": config.transactionStateLogMinIsr,
          "segment.bytes": config.transactionStateLogSegmentBytes,
          "unclean.leader.election.enable": "false",
        },
      );
    case "__share_group_state":
      return topic(
        name,
        config.shareCoordinatorStateTopicNumPartitions,
        config.shareCoordinatorStateTopicReplicationFactor,
        {
          "cleanup.policy": "delete",
          "compression.type": "producer",
          "min.insync.replicas": config.shareCoordinatorStateTopicMinIsr,
          "retention.ms": "-1",
          "segment.bytes": config.shareCoordinatorStateTopicSegmentBytes,
        },
      );
    default:
      return topic(name, -1, -1, {});
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
