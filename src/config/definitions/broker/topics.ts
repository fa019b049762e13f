/**
 * Broker configs: topics and their records, fetching, policies.
 */
import { acts, boolean, className, clusterWide, high, int, list, low, string } from "../../definition.ts";
import { anyList, atLeast, between, gzipLevel, oneOf } from "../../validators.ts";

export const topicsDefinitions = [
  int("message.max.bytes", 1_048_588, atLeast(0), high, clusterWide, acts),
  int("max.decompressed.message.bytes", 2_147_483_639, between(1, 2_147_483_639), clusterWide, acts),
  list("config.providers", "", anyList, low, clusterWide),
  boolean("delete.topic.enable", true, high, acts),
  string(
    "compression.type",
    "producer",
    oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
    high,
    clusterWide,
    acts,
  ),
  int("compression.gzip.level", -1, gzipLevel, clusterWide, acts),
  int("compression.lz4.level", 9, between(1, 17), clusterWide, acts),
  int("compression.zstd.level", 3, between(-131_072, 22), clusterWide, acts),
  int("max.incremental.fetch.session.cache.slots", 1000, atLeast(0), acts),
  int("fetch.max.bytes", 57_671_680, atLeast(1024), acts),
  int("max.request.partition.size.limit", 2000, atLeast(1), acts),
  int("num.partitions", 1, atLeast(1), acts),
  boolean("auto.create.topics.enable", true, high, acts),
  int("min.insync.replicas", 1, atLeast(1), high, clusterWide, acts),
  className("create.topic.policy.class.name", null, low),
  className("alter.config.policy.class.name", null, low),
];
