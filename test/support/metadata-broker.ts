/**
 * A broker with the real metadata log and controller over a disk in memory, for the handlers that change or describe
 * the cluster. It has no partitions' logs.
 */

import type { BrokerParts } from "../../src/api/context.ts";
import { apis } from "../../src/api/registry.ts";
import { DynamicConfig } from "../../src/broker/dynamic-config.ts";
import { loadServerConfig } from "../../src/config/load.ts";
import type { Metadata } from "../../src/metadata/metadata.ts";
import { BrokerMetrics } from "../../src/observe/metrics/broker-metrics.ts";
import { SimulatedDisk } from "../disk/simulated-disk.ts";
import { ManualClock } from "../unit/net/support/manual-clock.ts";
import { DispatchClient } from "./dispatch-client.ts";
import { DIRECTORY, keepingLogger, openMetadata } from "./storage-in-memory.ts";

export class MetadataBroker extends DispatchClient {
  private constructor(
    readonly disk: SimulatedDisk,
    readonly metadata: Metadata,
    readonly parts: BrokerParts,
    readonly logged: string[],
  ) {
    super(parts);
  }

  /**
   * @param overrides broker configs, `key=value` each
   * @param disk one that another broker has written to, to start from what it left
   */
  static async start(overrides: readonly string[] = [], disk = new SimulatedDisk()): Promise<MetadataBroker> {
    const clock = new ManualClock();
    const { logged, logger } = keepingLogger();
    const { config: fixed } = loadServerConfig({ overrides: [`log.dirs=${DIRECTORY}`, ...overrides] });
    const config = new DynamicConfig(fixed, logger);
    const metadata = await openMetadata({ disk, clock, logger, config: () => config.current });
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

  close(): void {
    this.metadata.close();
  }
}
