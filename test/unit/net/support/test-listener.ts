/**
 * A listener for tests: on loopback and a free port, with its log lines kept.
 */
import type { Clock } from "../../../../src/clock.ts";
import type { ConnectionBudget } from "../../../../src/net/connection-budget.ts";
import { DEFAULT_LIMITS, type NetLimits } from "../../../../src/net/limits.ts";
import { type Listener, startListener } from "../../../../src/net/listener.ts";
import type { FrameHandler, Reply } from "../../../../src/net/reply.ts";
import type { Logger } from "../../../../src/observe/logger.ts";
import { frame } from "./raw-client.ts";

/** A logger that keeps its lines as `level message`. */
export class KeptLog implements Logger {
  readonly lines: string[] = [];
  debug = (message: string) => this.keep("debug", message);
  info = (message: string) => this.keep("info", message);
  warn = (message: string) => this.keep("warn", message);
  error = (message: string) => this.keep("error", message);

  private waiters: (() => void)[] = [];

  /** Settles when there are this many lines. */
  async whenLines(count: number): Promise<void> {
    while (this.lines.length < count) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  private keep(level: string, message: string): void {
    this.lines.push(`${level} ${message}`);
    for (const waiter of this.waiters.splice(0)) waiter();
  }
}

export interface TestListenerOptions {
  readonly handle: FrameHandler<TestSession>;
  readonly limits?: Partial<NetLimits>;
  readonly clock?: Clock;
  readonly log?: KeptLog;
  readonly budget?: ConnectionBudget;
  readonly hostname?: string;
  readonly port?: number;
}

export interface TestSession {
  requests: number;
}

export function testListener(options: TestListenerOptions): Listener {
  return startListener<TestSession>({
    name: "TEST",
    securityProtocol: "PLAINTEXT",
    hostname: options.hostname ?? "127.0.0.1",
    port: options.port ?? 0,
    handle: options.handle,
    createSession: () => ({ requests: 0 }),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    logger: options.log ?? new KeptLog(),
    ...(options.clock && { clock: options.clock }),
    ...(options.budget && { budget: options.budget }),
  });
}

/** A listener for one test at a time: `close` is for after each. */
export function oneListener() {
  let listener: Listener | null = null;
  const listen = (options: TestListenerOptions) => {
    listener = testListener(options);
    return listener;
  };
  const close = async () => {
    await listener?.close(0);
    listener = null;
  };
  return { listen, close };
}

/** A reply that gives the frame back. */
export function echo(body: Uint8Array | string): Reply {
  return { buffers: [frame(body)] };
}

/** Lets everything that is ready in this process happen, sockets included. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
