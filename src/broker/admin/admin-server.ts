/**
 * The admin port: metrics for Prometheus and the broker's health, over HTTP. Loaded only where `houska.admin.port` is set.
 */
import type { Clock } from "../../clock.ts";
import { openListeningSocket } from "../../net/listening-socket.ts";
import type { Logger } from "../../observe/logger.ts";
import { EventLoopLag } from "../../observe/metrics/event-loop-lag.ts";
import { EXPOSITION_TYPE } from "../../observe/metrics/exposition.ts";
import { metricsText } from "../metrics/collect.ts";
import { type Health, healthOf } from "./health.ts";
import type { BrokerState, WatchedBroker } from "./watched-broker.ts";

export interface AdminOptions {
  readonly hostname: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly nodeId: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Seconds after which somebody who sends or takes nothing is let go. */
const IDLE_SECONDS = 30;
const MAX_BODY_BYTES = 1024;

const configs = { host: "houska.admin.host", port: "houska.admin.port" };

const index = `Houska's admin port:
  /metrics       for Prometheus
  /health/live   whether the process works
  /health/ready  whether clients can produce and consume
`;

export class AdminServer {
  readonly hostname: string;
  readonly port: number;
  private state: BrokerState = "starting";
  private broker: WatchedBroker | null = null;
  private readonly lag: EventLoopLag;
  private readonly server: Bun.Server<undefined>;
  private scrape: Promise<string> | null = null;

  /** @throws ListenError */
  constructor(private readonly options: AdminOptions) {
    const { hostname, port, clock } = options;
    this.hostname = hostname;
    this.server = openListeningSocket({ name: "houska.admin", hostname, port, configs }, (bindTo) =>
      this.serve(bindTo),
    );
    this.port = this.server.port ?? port;
    this.lag = new EventLoopLag(clock, () => performance.now());
  }

  /** The broker looks after logs that were not closed cleanly. */
  recovering(): void {
    this.state = "recovering";
  }

  /** The broker serves clients. */
  running(broker: WatchedBroker): void {
    this.broker = broker;
    this.state = "running";
  }

  /** The broker takes no more requests. */
  stopping(): void {
    this.state = "stopping";
  }

  async close(): Promise<void> {
    this.lag.stop();
    await this.server.stop(true);
  }

  private serve(hostname: string): Bun.Server<undefined> {
    return Bun.serve({
      hostname,
      port: this.options.port,
      idleTimeout: IDLE_SECONDS,
      maxRequestBodySize: MAX_BODY_BYTES,
      development: false,
      // Without this, Bun lets two of them have the same port, and each answers some.
      reusePort: false,
      error: (error) => this.failed(error),
      routes: {
        "/": { GET: () => new Response(index) },
        "/metrics": { GET: () => this.metrics() },
        "/health/live": { GET: () => Response.json({ status: "up", state: this.state }) },
        "/health/ready": { GET: () => asResponse(healthOf(this.state, this.broker)) },
      },
      fetch: () => new Response("Not found. See / for what there is.\n", { status: 404 }),
    });
  }

  /** Scrapes that come together share one. */
  private async metrics(): Promise<Response> {
    this.scrape ??= this.collect();
    return new Response(await this.scrape, { headers: { "content-type": EXPOSITION_TYPE } });
  }

  private failed(error: Error): Response {
    this.options.logger.error(`The admin port could not answer: ${error.stack ?? error.message}`);
    return new Response("Something went wrong; the broker's log says what.\n", { status: 500 });
  }

  private async collect(): Promise<string> {
    const { state, broker, lag, options } = this;
    try {
      return await metricsText({
        state,
        broker,
        lag,
        nodeId: options.nodeId,
        nowMs: () => performance.now(),
      });
    } finally {
      this.scrape = null;
    }
  }
}

function asResponse(health: Health): Response {
  return new Response(`${JSON.stringify(health, null, 2)}\n`, {
    status: health.status === "ready" ? 200 : 503,
    headers: { "content-type": "application/json" },
  });
}
