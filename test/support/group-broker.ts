/**
 * A broker with real metadata, real logs and the group coordinator over a disk in memory, which talks to the handlers
 * of groups through the dispatcher, bytes and all. It can be stopped, or killed, and started again from what it left.
 */
import type { Api } from "../../src/api/api.ts";
import { consumerGroupDescribe } from "../../src/api/consumer-group-describe.ts";
import { consumerGroupHeartbeat } from "../../src/api/consumer-group-heartbeat.ts";
import type { BrokerParts } from "../../src/api/context.ts";
import { createTopics } from "../../src/api/create-topics.ts";
import { deleteGroups } from "../../src/api/delete-groups.ts";
import { deleteTopics } from "../../src/api/delete-topics.ts";
import { describeGroups } from "../../src/api/describe-groups.ts";
import { findCoordinator } from "../../src/api/find-coordinator.ts";
import { heartbeat } from "../../src/api/heartbeat.ts";
import { joinGroup } from "../../src/api/join-group.ts";
import { leaveGroup } from "../../src/api/leave-group.ts";
import { listGroups } from "../../src/api/list-groups.ts";
import { offsetCommit } from "../../src/api/offset-commit.ts";
import { offsetDelete } from "../../src/api/offset-delete.ts";
import { offsetFetch } from "../../src/api/offset-fetch.ts";
import { syncGroup } from "../../src/api/sync-group.ts";
import { GroupCoordinator } from "../../src/group/coordinator.ts";
import type { LogManager } from "../../src/log/log-manager.ts";
import type { Metadata } from "../../src/metadata/metadata.ts";
import { BrokerMetrics } from "../../src/observe/metrics/broker-metrics.ts";
import type { Uuid } from "../../src/protocol/uuid.ts";
import { SimulatedDisk } from "../disk/simulated-disk.ts";
import { ManualClock } from "../unit/net/support/manual-clock.ts";
import { DispatchClient } from "./dispatch-client.ts";
import { createTopic, NODE_ID, openStorage, randomBytes } from "./storage-in-memory.ts";

const apis: readonly Api[] = [
  consumerGroupDescribe,
  consumerGroupHeartbeat,
  createTopics,
  deleteGroups,
  deleteTopics,
  describeGroups,
  findCoordinator,
  heartbeat,
  joinGroup,
  leaveGroup,
  listGroups,
  offsetCommit,
  offsetDelete,
  offsetFetch,
  syncGroup,
];

interface StartOptions {
  /** Broker configs, `key=value` each. */
  readonly configs?: readonly string[];
  readonly disk?: SimulatedDisk;
  readonly clock?: ManualClock;
}

export class GroupBroker extends DispatchClient {
  private constructor(
    readonly disk: SimulatedDisk,
    readonly clock: ManualClock,
    readonly metadata: Metadata,
    readonly logs: LogManager,
    readonly groups: GroupCoordinator,
    readonly logged: string[],
    parts: BrokerParts,
    private readonly configs: readonly string[],
  ) {
    super(parts);
  }

  static async start({
    configs = [],
    disk = new SimulatedDisk(),
    clock = new ManualClock(),
  }: StartOptions = {}): Promise<GroupBroker> {
    const { config, metadata, logs, logger, logged } = await openStorage(configs, disk, clock);
    const groups = new GroupCoordinator({
      nodeId: NODE_ID,
      config: () => config,
      metadata,
      logs,
      clock,
      randomBytes,
      logger,
    });
    groups.start();
    const table = new Map(apis.map((api) => [api.key, api]));
    // Nothing else is asked for by the handlers of groups.
    const parts = {
      config: () => config,
      clock,
      logger,
      metadata,
      groups,
      apis: table,
      metrics: new BrokerMetrics(),
    };
    return new GroupBroker(
      disk,
      clock,
      metadata,
      logs,
      groups,
      logged,
      parts as unknown as BrokerParts,
      configs,
    );
  }

  /** Stops it in an orderly way, and starts another from what it left. */
  async restart(): Promise<GroupBroker> {
    await this.stop();
    return GroupBroker.start({ configs: this.configs, disk: this.disk, clock: this.clock });
  }

  async stop(): Promise<void> {
    this.groups.close();
    await this.logs.shutdown();
    this.metadata.close();
  }

  createTopic(name: string, numPartitions = 1): Uuid {
    return createTopic(this.metadata, name, numPartitions);
  }

  deleteTopic(name: string): void {
    const id = this.metadata.image.topicByName(name)?.id;
    if (id === undefined) throw new Error(`there is no topic ${name}`);
    this.metadata.controller.deleteTopics([{ name: null, topicId: id }]);
  }
}
