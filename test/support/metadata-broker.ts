/**
 * A broker with the real metadata log and controller over a disk in memory, for the handlers that change or describe
 * the cluster. It has no partitions' logs.
 */

import type { ClientConnection } from "../../src/api/client-connection.ts";
import type { BrokerParts } from "../../src/api/context.ts";
import { createDispatcher } from "../../src/api/dispatch.ts";
import { apis } from "../../src/api/registry.ts";
import { DynamicConfig } from "../../src/broker/dynamic-config.ts";
import { loadServerConfig } from "../../src/config/load.ts";
import { Metadata } from "../../src/metadata/metadata.ts";
import { BrokerMetrics } from "../../src/observe/metrics/broker-metrics.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../src/protocol/schema.ts";
import { uuidFromBytes } from "../../src/protocol/uuid.ts";
import { SimulatedDisk } from "../disk/simulated-disk.ts";
import { ManualClock } from "../unit/net/support/manual-clock.ts";
import { TestConnection } from "./api-broker.ts";
import { readResponse, requestFrame } from "./raw-client.ts";

const DIRECTORY = "/data";
const DIRECTORY_ID = uuidFromBytes(Buffer.alloc(16, 7));
export const CLUSTER_ID = "4L6g3nShT-eMCtK--X86sw";
export const NODE_ID = 1;

export interface AskOptions {
  readonly connection?: ClientConnection;
}

export class MetadataBroker {
  private nextCorrelationId = 1;
  private readonly dispatch: ReturnType<typeof createDispatcher>;

  private constructor(
    readonly disk: SimulatedDisk,
    readonly metadata: Metadata,
    readonly parts: BrokerParts,
    readonly logged: string[],
  ) {
    this.dispatch = createDispatcher(parts);
  }

  /**
   * @param overrides broker configs, `key=value` each
   * @param disk one that another broker has written to, to start from what it left
   */
  static async start(overrides: readonly string[] = [], disk = new SimulatedDisk()): Promise<MetadataBroker> {
    const clock = new ManualClock();
    const logged: string[] = [];
    const log = (message: string) => void logged.push(message);
    const logger = { debug: log, info: log, warn: log, error: log };
    const { config: fixed } = loadServerConfig({ overrides: [`log.dirs=${DIRECTORY}`, ...overrides] });
    const config = new DynamicConfig(fixed, logger);
    disk.makeDirectory(DIRECTORY);
    const metadata = await Metadata.open({
      disk,
      directory: DIRECTORY,
      readFile: (path) => Promise.resolve(disk.readFile(path)),
      clock,
      random: (target) => void crypto.getRandomValues(target),
      logger,
      nodeId: NODE_ID,
      clusterId: CLUSTER_ID,
      directoryId: DIRECTORY_ID,
      directoryIds: [DIRECTORY_ID],
      config: () => config.current,
    });
    config.follow(metadata.image);
    metadata.subscribe(() => config.follow(metadata.image));
    const parts = {
      config: () => config.current,
      clock,
      logger,
      metadata,
      apis,
      metrics: new BrokerMetrics(),
    };
    // Nothing that these handlers do needs a log.
    return new MetadataBroker(disk, metadata, parts as unknown as BrokerParts, logged);
  }

  /** Asks as a client would, bytes and all, and waits for the answer. */
  async ask<Q extends Fields, R extends Fields>(
    [request, response]: readonly [Definition<Q>, Definition<R>],
    version: number,
    body: Encodable<Definition<Q>>,
    { connection = new TestConnection() }: AskOptions = {},
  ): Promise<Decoded<Definition<R>>> {
    const correlationId = this.nextCorrelationId++;
    const frame = requestFrame(request, version, correlationId, body);
    const reply = await this.dispatch(frame, connection);
    if (reply === null) throw new Error(`${request.name} has not been answered`);
    const bytes = Buffer.from(Buffer.concat(reply.buffers).subarray(4));
    reply.release();
    return readResponse(response, version, correlationId, bytes);
  }

  close(): void {
    this.metadata.close();
  }
}
