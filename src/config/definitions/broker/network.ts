/**
 * Broker configs: listeners, connections, and the requests that come in by them.
 */
import {
  acts,
  clusterWide,
  high,
  INT_MAX,
  int,
  list,
  long,
  low,
  perBroker,
  string,
} from "../../definition.ts";
import { anyList, atLeast, nonEmptyList } from "../../validators.ts";

export const networkDefinitions = [
  int("num.io.threads", 8, atLeast(1), high, clusterWide),
  int("background.threads", 10, atLeast(1), high, clusterWide),
  long("socket.connection.setup.timeout.ms", 10000),
  long("socket.connection.setup.timeout.max.ms", 30000),
  list("early.start.listeners", null, anyList, high),
  list("listeners", "PLAINTEXT://:9092", nonEmptyList, high, perBroker, acts),
  list("advertised.listeners", null, nonEmptyList, high, acts),
  string(
    "listener.security.protocol.map",
    "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
    low,
    perBroker,
    acts,
  ),
  int("socket.send.buffer.bytes", 102_400, high),
  int("socket.receive.buffer.bytes", 102_400, high),
  int("socket.request.max.bytes", 104_857_600, atLeast(1), high, acts),
  int("socket.listen.backlog.size", 50, atLeast(1)),
  int("max.connections.per.ip", INT_MAX, atLeast(0), clusterWide, acts),
  string("max.connections.per.ip.overrides", "", clusterWide, acts),
  int("max.connections", INT_MAX, atLeast(0), clusterWide, acts),
  int("max.connection.creation.rate", INT_MAX, atLeast(0), clusterWide),
  long("connections.max.idle.ms", 600_000, acts),
  int("connection.failed.authentication.delay.ms", 100, atLeast(0), low),
  int("queued.max.requests", 500, atLeast(1), high),
  long("queued.max.request.bytes", -1, acts),
  int("num.network.threads", 3, atLeast(1), high, clusterWide),
  string("inter.broker.listener.name", null, acts),
];
