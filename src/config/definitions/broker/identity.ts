/**
 * Broker configs: who the node is, its part in the cluster, and the metadata log.
 */
import { acts, boolean, high, int, internal, LONG_MAX, list, long, low, string } from "../../definition.ts";
import { atLeast, bootstrapServers, nonEmptyList, nonEmptyListFrom, quorumVoters } from "../../validators.ts";

export const identityDefinitions = [
  int("broker.id", -1, high, acts),
  string("broker.rack", null, acts),
  boolean("controlled.shutdown.enable", true),
  boolean("unstable.api.versions.enable", false, high, internal),
  boolean("unstable.feature.versions.enable", false, high, internal),
  list("process.roles", null, nonEmptyListFrom("broker", "controller"), high, acts),
  int("node.id", null, atLeast(0), high, acts),
  int("initial.broker.registration.timeout.ms", 60000),
  int("broker.heartbeat.interval.ms", 2000),
  int("broker.session.timeout.ms", 9000),
  list("controller.listener.names", null, nonEmptyList, high, acts),
  long("controller.performance.sample.period.ms", 60000, atLeast(100), internal),
  long("controller.performance.always.log.threshold.ms", 2000, atLeast(0), internal),
  long("server.max.startup.time.ms", LONG_MAX, atLeast(0), internal),
  long("metadata.log.max.record.bytes.between.snapshots", 20_971_520, atLeast(1), high, acts),
  long("metadata.log.max.snapshot.interval.ms", 3_600_000, atLeast(0), high, acts),
  string("metadata.log.dir", null, high, acts),
  int("metadata.log.segment.bytes", 1_073_741_824, atLeast(8_388_608), high, acts),
  long("metadata.log.segment.ms", 604_800_000, high, acts),
  long("metadata.max.retention.bytes", 104_857_600, high, acts),
  long("metadata.max.retention.ms", 604_800_000, high, acts),
  int("metadata.max.idle.interval.ms", 500, atLeast(0), low),
  int("internal.metadata.log.segment.bytes", null, low, internal, acts),
  int("internal.metadata.max.batch.size.in.bytes", 8_388_608, low, internal),
  long("internal.metadata.delete.delay.millis", 60000, low, internal),
  list("controller.quorum.voters", "", quorumVoters, high),
  list("controller.quorum.bootstrap.servers", "", bootstrapServers, high),
  int("controller.quorum.election.timeout.ms", 1000, atLeast(0), high),
  int("controller.quorum.fetch.timeout.ms", 2000, atLeast(0), high),
  int("controller.quorum.election.backoff.max.ms", 1000, atLeast(0), high),
  int("controller.quorum.append.linger.ms", 25, atLeast(0)),
  int("controller.quorum.request.timeout.ms", 2000, atLeast(0)),
  int("controller.quorum.retry.backoff.ms", 20, atLeast(0), low),
  boolean("controller.quorum.auto.join.enable", false, low),
  int("controller.quorum.fetch.snapshot.max.bytes", 1_048_576, atLeast(1), low),
  int("controller.quorum.fetch.max.bytes", 1_048_576, atLeast(1), low),
];
