/**
 * Broker configs: tiered storage (KIP-405). Houska keeps and describes them.
 */
import {
  boolean,
  clusterWide,
  double,
  int,
  internal,
  LONG_MAX,
  long,
  low,
  string,
} from "../../definition.ts";
import { atLeast, between, nonEmptyString } from "../../validators.ts";

export const remoteStorageDefinitions = [
  boolean("remote.log.storage.system.enable", false),
  string("remote.log.storage.manager.impl.prefix", "rsm.config.", nonEmptyString),
  string("remote.log.metadata.manager.impl.prefix", "rlmm.config.", nonEmptyString),
  string("remote.log.storage.manager.class.name", null, nonEmptyString),
  string("remote.log.storage.manager.class.path", null),
  string(
    "remote.log.metadata.manager.class.name",
    "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager",
    nonEmptyString,
  ),
  string("remote.log.metadata.manager.class.path", null),
  string("remote.log.metadata.manager.listener.name", null, nonEmptyString),
  int("remote.log.metadata.custom.metadata.max.bytes", 128, atLeast(0), low),
  long("remote.log.index.file.cache.total.size.bytes", 1_073_741_824, atLeast(1), low, clusterWide),
  long("remote.log.index.file.cache.ttl.ms", 900_000, atLeast(-1), low, internal),
  int("remote.log.manager.thread.pool.size", 2, atLeast(1)),
  int("remote.log.manager.copier.thread.pool.size", 10, atLeast(1), clusterWide),
  int("remote.log.manager.expiration.thread.pool.size", 10, atLeast(1), clusterWide),
  int("remote.log.manager.follower.thread.pool.size", 2, atLeast(1), clusterWide),
  long("remote.log.manager.task.interval.ms", 30000, atLeast(1), low),
  long("remote.log.manager.task.retry.backoff.ms", 500, atLeast(1), low, internal),
  long("remote.log.manager.task.retry.backoff.max.ms", 30000, atLeast(1), low, internal),
  double("remote.log.manager.task.retry.jitter", "0.2", between(0, 0.5), low, internal),
  int("remote.log.reader.threads", 10, atLeast(1), clusterWide),
  int("remote.log.reader.max.pending.tasks", 100, atLeast(1)),
  long("remote.log.manager.copy.max.bytes.per.second", LONG_MAX, atLeast(1), clusterWide),
  int("remote.log.manager.copy.quota.window.num", 11, atLeast(1)),
  int("remote.log.manager.copy.quota.window.size.seconds", 1, atLeast(1)),
  long("remote.log.manager.fetch.max.bytes.per.second", LONG_MAX, atLeast(1), clusterWide),
  int("remote.log.manager.fetch.quota.window.num", 11, atLeast(1)),
  int("remote.log.manager.fetch.quota.window.size.seconds", 1, atLeast(1)),
  int("remote.fetch.max.wait.ms", 500, atLeast(1), clusterWide),
  long("remote.list.offsets.request.timeout.ms", 30000, atLeast(1), clusterWide),
  boolean("follower.fetch.last.tiered.offset.enable", false, clusterWide),
];
