/**
 * What the connections of one listener have in common.
 */
import type { Clock } from "../clock.ts";
import type { SecurityProtocol } from "./connection.ts";
import type { ConnectionBudget } from "./connection-budget.ts";
import type { DirectSocket } from "./direct-socket.ts";
import type { FramePool } from "./frame-pool.ts";
import type { NetLimits } from "./limits.ts";
import type { FrameHandler } from "./reply.ts";

export interface ChannelContext<Session> {
  readonly listenerName: string;
  readonly securityProtocol: SecurityProtocol;
  readonly limits: NetLimits;
  readonly budget: ConnectionBudget;
  readonly clock: Clock;
  readonly handle: FrameHandler<Session>;
  readonly createSession: () => Session;
  readonly maxFrameBytes: () => number;
  readonly framePool: FramePool;
  /** How to use a socket directly; null where that is not possible. */
  readonly directSocket: (socket: object) => DirectSocket | null;
  /** The idle sweeper's round. */
  readonly sweeper: { readonly round: number };
}
