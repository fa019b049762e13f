/**
 * What the listeners of a broker share: how many connections there are, from where, the memory of their requests, and
 * the log lines they may cause.
 */
import type { Clock } from "../clock.ts";
import type { Logger } from "../observe/logger.ts";
import { FramePool } from "./frame-pool.ts";
import { LimitedLog } from "./limited-log.ts";
import type { NetLimits } from "./limits.ts";
import { RequestMemory } from "./request-memory.ts";

export class ConnectionBudget {
  readonly memory: RequestMemory;
  readonly frames = new FramePool();
  readonly log: LimitedLog;
  private count = 0;
  private lastId = 0;
  private readonly countByAddress = new Map<string, number>();

  constructor(
    private readonly limits: NetLimits,
    logger: Logger,
    clock: Clock,
  ) {
    this.memory = new RequestMemory(() => limits.queuedMaxRequestBytes, clock);
    this.log = new LimitedLog(logger, clock);
  }

  /** Connections of all listeners. */
  get connections(): number {
    return this.count;
  }

  /** A number for a new connection. */
  nextId(): number {
    return ++this.lastId;
  }

  /** Why a further connection from this address is refused, or null when it is not. */
  refusal(address: string): string | null {
    const { maxConnections, maxConnectionsPerIp, maxConnectionsPerIpOverrides } = this.limits;
    if (this.count >= maxConnections) return `max.connections=${maxConnections} is reached`;
    const maxFromAddress = maxConnectionsPerIpOverrides.get(address) ?? maxConnectionsPerIp;
    if ((this.countByAddress.get(address) ?? 0) < maxFromAddress) return null;
    const key = maxConnectionsPerIpOverrides.has(address)
      ? "max.connections.per.ip.overrides"
      : "max.connections.per.ip";
    return `${key}=${maxFromAddress} is reached`;
  }

  /** Counts a connection from this address. */
  enter(address: string): void {
    this.count++;
    this.countByAddress.set(address, (this.countByAddress.get(address) ?? 0) + 1);
  }

  /** Takes a connection from this address off the count. */
  leave(address: string): void {
    this.count--;
    const left = (this.countByAddress.get(address) ?? 0) - 1;
    if (left > 0) this.countByAddress.set(address, left);
    else this.countByAddress.delete(address);
  }
}
