/**
 * Broker configs: the group coordinator, classic and consumer groups, committed offsets.
 */
import {
  acts,
  boolean,
  clusterWide,
  high,
  INT_MAX,
  int,
  internal,
  list,
  long,
  short,
  string,
} from "../../definition.ts";
import { atLeast, nonEmptyList, nonEmptyListFrom, oneOfAnyCase } from "../../validators.ts";

export const groupCoordinatorDefinitions = [
  list(
    "group.coordinator.rebalance.protocols",
    "classic,consumer,streams",
    nonEmptyListFrom("consumer", "classic", "share", "streams"),
    acts,
  ),
  int("group.coordinator.threads", 4, atLeast(1), high),
  int("group.coordinator.background.threads", 2, atLeast(1), high),
  int("group.coordinator.append.linger.ms", -1, atLeast(-1)),
  int("offsets.commit.timeout.ms", 5000, atLeast(1), high),
  int("offsets.load.buffer.size", 5_242_880, atLeast(1), high),
  short("offsets.topic.replication.factor", 3, atLeast(1), high),
  int("offsets.topic.num.partitions", 50, atLeast(1), high, acts),
  int("offsets.topic.segment.bytes", 104_857_600, atLeast(1), high, acts),
  int("offsets.topic.compression.codec", 0, high, acts),
  int("group.coordinator.cached.buffer.max.bytes", 1_048_588, atLeast(524_288), clusterWide),
  int("offset.metadata.max.bytes", 4096, high, acts),
  int("offsets.retention.minutes", 10080, atLeast(1), high, acts),
  long("offsets.retention.check.interval.ms", 600_000, atLeast(1), high, acts),
  int("group.min.session.timeout.ms", 6000, acts),
  int("group.max.session.timeout.ms", 1_800_000, acts),
  int("group.initial.rebalance.delay.ms", 3000, acts),
  int("group.max.size", INT_MAX, atLeast(1), acts),
];

export const consumerGroupDefinitions = [
  int("group.consumer.session.timeout.ms", 45000, atLeast(1), acts),
  int("group.consumer.min.session.timeout.ms", 45000, atLeast(1), acts),
  int("group.consumer.max.session.timeout.ms", 60000, atLeast(1), acts),
  int("group.consumer.heartbeat.interval.ms", 5000, atLeast(1), acts),
  int("group.consumer.min.heartbeat.interval.ms", 5000, atLeast(1), acts),
  int("group.consumer.max.heartbeat.interval.ms", 15000, atLeast(1), acts),
  int("group.consumer.max.size", INT_MAX, atLeast(1), acts),
  list("group.consumer.assignors", "uniform,range", nonEmptyList, acts),
  string(
    "group.consumer.migration.policy",
    "bidirectional",
    oneOfAnyCase("DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"),
    acts,
  ),
  int("group.consumer.assignment.interval.ms", 1000, atLeast(0), clusterWide, acts),
  int("group.consumer.min.assignment.interval.ms", 0, atLeast(0), acts),
  int("group.consumer.max.assignment.interval.ms", 15000, atLeast(0), acts),
  boolean("group.consumer.assignor.offload.enable", true, internal, clusterWide),
  int("group.consumer.regex.refresh.interval.ms", 600_000, atLeast(10000), internal, acts),
];
