/**
 * The broker around the group coordinator, and what of it a shard gets.
 */
import type { Clock } from "../clock.ts";
import type { ServerConfig } from "../config/server-config.ts";
import type { Timers } from "../coordinator/timers.ts";
import type { Logs } from "../coordinator/topic-logs.ts";
import type { MetadataChange } from "../metadata/image/change.ts";
import type { ClusterImage } from "../metadata/image/cluster-image.ts";
import type { Logger } from "../observe/logger.ts";
import type { GroupEnvironment, TopicsView } from "./environment.ts";
import { consumerGroupConfig } from "./group-config.ts";
import { newHexUuid, newUuid, type RandomBytes } from "./random-ids.ts";
import type { GroupRecord } from "./record.ts";

/** The type of a group among resources that have configs. */
const GROUP_RESOURCE = 32;

/** What the group coordinator is made of. */
export interface GroupBroker {
  readonly nodeId: number;
  /** The configuration as it is now, dynamic changes included. */
  readonly config: () => ServerConfig;
  readonly metadata: {
    readonly image: ClusterImage;
    subscribe(listener: (change: MetadataChange) => void): () => void;
  };
  readonly logs: Logs;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
}

/** The surroundings of one shard. */
export function groupEnvironment(
  { config, metadata, randomBytes, logger }: GroupBroker,
  topics: TopicsView,
  timers: Timers<GroupRecord>,
): GroupEnvironment {
  return {
    get config() {
      return config();
    },
    consumerGroupConfig: (groupId) =>
      consumerGroupConfig(config(), metadata.image.configs(GROUP_RESOURCE, groupId)),
    topics,
    timers,
    newUuid: () => newUuid(randomBytes),
    newHexUuid: () => newHexUuid(randomBytes),
    logger,
  };
}
