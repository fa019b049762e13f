/**
 * What one peer, and all of them together, may take. Read at each use, so the owner may change a value at any time.
 */
export interface NetLimits {
  /** `socket.request.max.bytes`: the longest frame, in bytes. */
  socketRequestMaxBytes: number;
  /** `max.connections`: of a listener, and through a `ConnectionBudget` of all listeners together. */
  maxConnections: number;
  /** `max.connections.per.ip`: from one address. */
  maxConnectionsPerIp: number;
  /** `max.connections.per.ip.overrides`: the same for single addresses. */
  maxConnectionsPerIpOverrides: ReadonlyMap<string, number>;
  /** `connections.max.idle.ms`: closes a connection that was idle for this long, at most a tenth later; −1: never. */
  connectionsMaxIdleMs: number;
  /** `queued.max.request.bytes`: of unanswered and unfinished requests of all connections; −1 or 0: no limit. */
  queuedMaxRequestBytes: number;
  /** Unanswered requests of one connection; more are not read until some are answered. */
  maxInFlightRequests: number;
  /** Bytes of unanswered requests of one connection; one request may exceed it alone. */
  maxInFlightRequestBytes: number;
  /** Bytes of replies that the peer has not taken; no request is handled until it has. One reply may exceed it alone. */
  maxUnsentReplyBytes: number;
}

/**
 * Kafka's defaults where Kafka has the limit, except for the memory of all requests, which Kafka leaves without one: a
 * hundred connections that send no more than the beginning of a large request are not to take it all. Clients have 5
 * (Java) to a few hundred (librdkafka) requests in flight.
 */
export const DEFAULT_LIMITS: Readonly<NetLimits> = {
  socketRequestMaxBytes: 104_857_600,
  maxConnections: 2_147_483_647,
  maxConnectionsPerIp: 2_147_483_647,
  maxConnectionsPerIpOverrides: new Map(),
  connectionsMaxIdleMs: 600_000,
  queuedMaxRequestBytes: 512 * 1024 * 1024,
  maxInFlightRequests: 512,
  maxInFlightRequestBytes: 32 * 1024 * 1024,
  maxUnsentReplyBytes: 1024 * 1024,
};
