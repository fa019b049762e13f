/**
 * Listens on a port and runs the connections that come in.
 */
import type { Socket, TCPSocketListener } from "bun";
import { type Clock, systemClock } from "../clock.ts";
import type { Logger } from "../observe/logger.ts";
import { endpoint, plainAddress } from "./addresses.ts";
import { Channel } from "./channel.ts";
import type { ChannelContext } from "./channel-context.ts";
import type { SecurityProtocol } from "./connection.ts";
import { ConnectionBudget } from "./connection-budget.ts";
import { directSocket } from "./direct-socket.ts";
import { IdleSweeper } from "./idle-sweeper.ts";
import type { NetLimits } from "./limits.ts";
import { openListeningSocket } from "./listening-socket.ts";
import type { FrameHandler } from "./reply.ts";

export interface ListenerOptions<Session> {
  /** The listener's name in `listeners`, such as PLAINTEXT. */
  readonly name: string;
  readonly securityProtocol: SecurityProtocol;
  /** A host name or address; empty, `0.0.0.0` or `::` for all interfaces, IPv4 and IPv6. */
  readonly hostname: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly handle: FrameHandler<Session>;
  /** Makes what the handlers keep about a new client. */
  readonly createSession: () => Session;
  readonly limits: NetLimits;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Shared by all listeners of a broker; without it, the listener has one of its own. */
  readonly budget?: ConnectionBudget;
}

export interface Listener {
  readonly name: string;
  readonly hostname: string;
  /** The port it really has. */
  readonly port: number;
  /** Connections it has now. */
  readonly connections: number;
  /**
   * Takes no more connections and requests, lets the replies to earlier requests leave, and closes everything. After
   * `graceMs` milliseconds (5,000 if not said) it closes what is left. Settles when all connections are closed.
   */
  close(graceMs?: number): Promise<void>;
}

const DEFAULT_GRACE_MS = 5000;

/**
 * Opens a listener.
 *
 * @throws ListenError naming the listener, its address, and what to do
 */
export function startListener<Session>(options: ListenerOptions<Session>): Listener {
  return new SocketListener(options);
}

type ChannelOf<Session> = Socket<Channel<Session> | undefined>;

class SocketListener<Session> implements Listener {
  readonly name: string;
  readonly hostname: string;
  readonly port: number;
  private readonly channels = new Set<Channel<Session>>();
  private readonly clock: Clock;
  private readonly budget: ConnectionBudget;
  private readonly sweeper: IdleSweeper;
  private readonly context: ChannelContext<Session>;
  private readonly server: TCPSocketListener<Channel<Session> | undefined>;
  private closing: Promise<void> | null = null;
  private whenEmpty: (() => void) | null = null;

  constructor(private readonly options: ListenerOptions<Session>) {
    const { limits, logger, name, hostname, port, securityProtocol, handle, createSession } = options;
    this.name = name;
    this.hostname = hostname;
    this.clock = options.clock ?? systemClock;
    this.budget = options.budget ?? new ConnectionBudget(limits, logger, this.clock);
    this.sweeper = new IdleSweeper(this.channels, () => limits.connectionsMaxIdleMs, this.clock);
    this.context = {
      listenerName: name,
      securityProtocol,
      limits,
      budget: this.budget,
      clock: this.clock,
      handle,
      createSession,
      maxFrameBytes: () => limits.socketRequestMaxBytes,
      framePool: this.budget.frames,
      directSocket: (socket) => (securityProtocol.endsWith("SSL") ? null : directSocket(socket)),
      sweeper: this.sweeper,
    };
    this.server = openListeningSocket({ name, hostname, port }, (bindTo) => this.listen(bindTo));
    this.port = this.server.port;
  }

  get connections(): number {
    return this.channels.size;
  }

  close(graceMs = DEFAULT_GRACE_MS): Promise<void> {
    this.closing ??= this.closeAll(graceMs);
    return this.closing;
  }

  private closeAll(graceMs: number): Promise<void> {
    this.server.stop(false);
    return new Promise((resolve) => {
      const deadline = this.clock.schedule(graceMs, () => {
        for (const channel of [...this.channels]) channel.closeNow();
      });
      this.whenEmpty = () => {
        deadline.cancel();
        this.sweeper.stop();
        resolve();
      };
      for (const channel of [...this.channels]) channel.finish();
      if (this.channels.size === 0) this.whenEmpty();
    });
  }

  /** The one place where a socket is opened: one handler object for all its connections, their state in `data`. */
  private listen(hostname: string): TCPSocketListener<Channel<Session> | undefined> {
    return Bun.listen<Channel<Session> | undefined>({
      hostname,
      port: this.options.port,
      // A client may close its sending side and still wait for answers.
      allowHalfOpen: true,
      socket: {
        open: (socket) => this.opened(socket),
        data: (socket, bytes) => socket.data?.received(bytes),
        drain: (socket) => socket.data?.drained(),
        end: (socket) => socket.data?.peerEnded(),
        close: (socket) => this.socketClosed(socket),
        error: (socket, error) => this.callbackFailed(socket, error),
      },
    });
  }

  private opened(socket: ChannelOf<Session>): void {
    // Bun's types don't say so, but a client that is gone again already, as port checks are, has no address any more.
    const remoteAddress: string | undefined = socket.remoteAddress;
    if (remoteAddress === undefined) {
      socket.data = undefined;
      socket.end();
      return;
    }
    const address = plainAddress(remoteAddress);
    const refusal = this.refusal(address);
    if (refusal !== null) {
      const peer = endpoint(address, socket.remotePort);
      this.budget.log.warn(`Refused connection from ${peer} on listener ${this.name}: ${refusal}`);
      socket.data = undefined;
      socket.end();
      return;
    }
    const channel = new Channel(this.context, socket, address);
    socket.data = channel;
    this.budget.enter(address);
    this.channels.add(channel);
    this.sweeper.start();
  }

  private refusal(address: string): string | null {
    if (this.whenEmpty !== null) return "the listener is closing";
    const { maxConnections } = this.options.limits;
    if (this.channels.size >= maxConnections) return `max.connections=${maxConnections} is reached`;
    return this.budget.refusal(address);
  }

  private callbackFailed(socket: ChannelOf<Session>, error: unknown): void {
    if (socket.data !== undefined) socket.data.failedUnexpectedly(error);
    else {
      this.budget.log.error(`Could not set up a connection on listener ${this.name}: ${error}`);
      socket.end();
    }
  }

  private socketClosed(socket: ChannelOf<Session>): void {
    const channel = socket.data;
    if (channel === undefined || !this.channels.delete(channel)) return;
    channel.closeNow();
    this.budget.leave(channel.remoteAddress);
    if (this.channels.size === 0) this.whenEmpty?.();
  }
}
