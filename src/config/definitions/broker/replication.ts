/**
 * Broker configs: replication between brokers, leadership, and what waits for either.
 */
import {
  acts,
  boolean,
  clusterWide,
  high,
  int,
  internal,
  LONG_MAX,
  long,
  low,
  string,
} from "../../definition.ts";
import { atLeast } from "../../validators.ts";

export const replicationDefinitions = [
  int("num.replica.alter.log.dirs.threads", null, high),
  int("request.timeout.ms", 30000, high),
  int("controller.socket.timeout.ms", 30000),
  int("default.replication.factor", 1, acts),
  long("replica.lag.time.max.ms", 30000, high),
  int("replica.socket.timeout.ms", 30000, high),
  int("replica.socket.receive.buffer.bytes", 65536, high),
  int("replica.fetch.max.bytes", 1_048_576, atLeast(0)),
  int("replica.fetch.wait.max.ms", 500, high),
  int("replica.fetch.backoff.ms", 1000, atLeast(0)),
  int("replica.fetch.min.bytes", 1, high),
  int("replica.fetch.response.max.bytes", 10_485_760, atLeast(0)),
  int("num.replica.fetchers", 1, atLeast(1), high, clusterWide),
  long("replica.high.watermark.checkpoint.interval.ms", 5000, high, acts),
  int("fetch.purgatory.purge.interval.requests", 1000),
  int("producer.purgatory.purge.interval.requests", 1000),
  int("delete.records.purgatory.purge.interval.requests", 1),
  boolean("auto.leader.rebalance.enable", true, high),
  long("leader.imbalance.check.interval.seconds", 300, atLeast(1), high),
  long("unclean.leader.election.interval.ms", 300_000, atLeast(1), internal),
  boolean("unclean.leader.election.enable", false, high, clusterWide, acts),
  string("replica.selector.class", null),
  int("share.fetch.purgatory.purge.interval.requests", 1000),
  int("replication.quota.window.num", 11, atLeast(1), low),
  int("alter.log.dirs.replication.quota.window.num", 11, atLeast(1), low),
  int("replication.quota.window.size.seconds", 1, atLeast(1), low),
  int("alter.log.dirs.replication.quota.window.size.seconds", 1, atLeast(1), low),
];

/** Throttles that exist only as dynamic configs: a properties file can't set them. */
export const dynamicOnlyDefinitions = [
  long("follower.replication.throttled.rate", LONG_MAX, atLeast(0), clusterWide),
  long("leader.replication.throttled.rate", LONG_MAX, atLeast(0), clusterWide),
  long("replica.alter.log.dirs.io.max.bytes.per.second", LONG_MAX, atLeast(0), clusterWide),
];
