/**
 * Group configs (KIP-848, KIP-932, KIP-1071): what a single group may have of its own.
 */
import { boolean, from, int, internal, list, long, low, string } from "../definition.ts";
import { anyList, atLeast, autoOffsetReset, oneOf } from "../validators.ts";

export const groupDefinitions = [
  int("consumer.session.timeout.ms", 45000, atLeast(1), from("group.consumer.session.timeout.ms")),
  int("consumer.heartbeat.interval.ms", 5000, atLeast(1), from("group.consumer.heartbeat.interval.ms")),
  int("consumer.assignment.interval.ms", 1000, atLeast(0), from("group.consumer.assignment.interval.ms")),
  boolean("consumer.assignor.offload.enable", true, internal, from("group.consumer.assignor.offload.enable")),
  int("share.session.timeout.ms", 45000, atLeast(1), from("group.share.session.timeout.ms")),
  int("share.heartbeat.interval.ms", 5000, atLeast(1), from("group.share.heartbeat.interval.ms")),
  int("share.record.lock.duration.ms", 30000, atLeast(1000), from("group.share.record.lock.duration.ms")),
  int("share.delivery.count.limit", 5, atLeast(2), from("group.share.delivery.count.limit")),
  int("share.partition.max.record.locks", 2000, atLeast(100), from("group.share.partition.max.record.locks")),
  string("share.auto.offset.reset", "latest", autoOffsetReset),
  string("share.isolation.level", "read_uncommitted", oneOf("read_committed", "read_uncommitted")),
  boolean("share.renew.acknowledge.enable", true),
  int("share.assignment.interval.ms", 1000, atLeast(0), from("group.share.assignment.interval.ms")),
  boolean("share.assignor.offload.enable", true, internal, from("group.share.assignor.offload.enable")),
  int("streams.session.timeout.ms", 45000, atLeast(1), from("group.streams.session.timeout.ms")),
  int("streams.heartbeat.interval.ms", 5000, atLeast(1), from("group.streams.heartbeat.interval.ms")),
  int("streams.num.standby.replicas", 0, atLeast(0), from("group.streams.num.standby.replicas")),
  int(
    "streams.initial.rebalance.delay.ms",
    3000,
    atLeast(0),
    from("group.streams.initial.rebalance.delay.ms"),
  ),
  int("streams.assignment.interval.ms", 1000, atLeast(0), from("group.streams.assignment.interval.ms")),
  boolean("streams.assignor.offload.enable", true, internal, from("group.streams.assignor.offload.enable")),
  int(
    "streams.task.offset.interval.ms",
    60000,
    atLeast(1),
    internal,
    from("group.streams.task.offset.interval.ms"),
  ),
  int("streams.num.warmup.replicas", 2, atLeast(0), internal, from("group.streams.num.warmup.replicas")),
  list(
    "streams.rack.aware.assignment.tags",
    "",
    anyList,
    low,
    from("group.streams.rack.aware.assignment.tags"),
  ),
  long(
    "streams.acceptable.recovery.lag",
    10000,
    atLeast(0),
    internal,
    from("group.streams.acceptable.recovery.lag"),
  ),
  string("streams.assignor.name", null, from("group.streams.assignors")),
  string("errors.deadletterqueue.topic.name", ""),
  boolean("errors.deadletterqueue.copy.record.enable", false),
];
