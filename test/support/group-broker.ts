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
import { createDispatcher } from "../../src/api/dispatch.ts";
import { findCoordinator } from "../../src/api/find-coordinator.ts";
import { heartbeat } from "../../src/api/heartbeat.ts";
import { joinGroup } from "../../src/api/join-group.ts";
import { leaveGroup } from "../../src/api/leave-group.ts";
import { listGroups } from "../../src/api/list-groups.ts";
import { offsetCommit } from "../../src/api/offset-commit.ts";
import { offsetDelete } from "../../src/api/offset-delete.ts";
import { offsetFetch } from "../../src/api/offset-fetch.ts";
import { syncGroup } from "../../src/api/sync-group.ts";
import { loadServerConfig } from "../../src/config/load.ts";
import { logConfigFrom } from "../../src/config/topic-config.ts";
import { GroupCoordinator } from "../../src/group/coordinator.ts";
import { LogManager } from "../../src/log/log-manager.ts";
import { Metadata } from "../../src/metadata/metadata.ts";
import { BrokerMetrics } from "../../src/observe/metrics/broker-metrics.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../src/protocol/schema.ts";
import { type Uuid, uuidFromBytes } from "../../src/protocol/uuid.ts";
import { SimulatedDisk } from "../disk/simulated-disk.ts";
import { ManualClock } from "../unit/net/support/manual-clock.ts";
import { TestConnection } from "./api-broker.ts";
import { readResponse, requestFrame } from "./raw-client.ts";

const NODE_ID = 1;
const DIRECTORY = "/data";
const DIRECTORY_ID = uuidFromBytes(Buffer.alloc(16, 7));
const CLUSTER_ID = "4L6g3nShT-eMCtK--X86sw";
const TOPIC_RESOURCE = 2;

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

export class GroupBroker {
  private nextCorrelationId = 1;
  private readonly dispatch: ReturnType<typeof createDispatcher>;

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
    this.dispatch = createDispatcher(parts);
  }

  static async start({
    configs = [],
    disk = new SimulatedDisk(),
    clock = new ManualClock(),
  }: StartOptions = {}): Promise<GroupBroker> {
    const { config } = loadServerConfig({ overrides: [`log.dirs=${DIRECTORY}`, ...configs] });
    const logged: string[] = [];
    const log = (message: string) => void logged.push(message);
    const logger = { debug: log, info: log, warn: log, error: log };
    const randomBytes = (target: Uint8Array) => void crypto.getRandomValues(target);
    disk.makeDirectory(DIRECTORY);
    const metadata = await Metadata.open({
      disk,
      directory: DIRECTORY,
      readFile: (path) => Promise.resolve(disk.readFile(path)),
      clock,
      random: randomBytes,
      logger,
      nodeId: NODE_ID,
      clusterId: CLUSTER_ID,
      directoryId: DIRECTORY_ID,
      directoryIds: [DIRECTORY_ID],
      config: () => config,
    });
    const { image } = metadata;
    const logs = new LogManager({
      disk,
      clock,
      logger,
      directories: [{ path: DIRECTORY, directoryId: DIRECTORY_ID }],
      configOf: (topic) => logConfigFrom(config, image.configs(TOPIC_RESOURCE, topic)),
      topicIdOf: (topic) => image.topicByName(topic)?.id,
      settings: {
        retentionCheckIntervalMs: config.logRetentionCheckIntervalMs,
        checkpointIntervalMs: config.logFlushOffsetCheckpointIntervalMs,
        producerIdExpirationMs: config.producerIdExpirationMs,
        producerIdExpirationCheckIntervalMs: 600_000,
      },
    });
    logs.recover();
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
    const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs: [] };
    const [result] = this.metadata.controller.createTopics([topic], { validateOnly: false });
    if (result === undefined || result.error !== undefined) throw result?.error ?? new Error("no answer");
    return result.topicId;
  }

  deleteTopic(name: string): void {
    const id = this.metadata.image.topicByName(name)?.id;
    if (id === undefined) throw new Error(`there is no topic ${name}`);
    this.metadata.controller.deleteTopics([{ name: null, topicId: id }]);
  }

  /** Asks as a client would, and waits for the answer. */
  async ask<Q extends Fields, R extends Fields>(
    [request, response]: readonly [Definition<Q>, Definition<R>],
    version: number,
    body: Encodable<Definition<Q>>,
    clientId = "client",
  ): Promise<Decoded<Definition<R>>> {
    const correlationId = this.nextCorrelationId++;
    const frame = requestFrame(request, version, correlationId, body, clientId);
    const reply = await this.dispatch(frame, new TestConnection());
    if (reply === null) throw new Error(`${request.name} has not been answered`);
    const bytes = Buffer.from(Buffer.concat(reply.buffers).subarray(4));
    reply.release();
    return readResponse(response, version, correlationId, bytes);
  }
}
