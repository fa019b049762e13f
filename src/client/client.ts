/**
 * A Kafka client for our own tools: sends a request to whoever it is for, and tries again where that may help.
 *
 * @example
 * const client = new KafkaClient("localhost:9092", clientConfig(new Map()));
 * const { topics } = await client.metadata(null);
 * const answer = await client.send("controller", DeleteTopicsRequest, DeleteTopicsResponse, { … });
 * client.close();
 */
import { KafkaError } from "../protocol/errors.ts";
import { MetadataRequest, MetadataResponse } from "../protocol/messages/metadata.ts";
import type { Decoded, Definition, Fields } from "../protocol/schema.ts";
import { type Address, addressText, parseAddresses } from "./address.ts";
import { type Body, BrokerConnection } from "./broker-connection.ts";
import { checkError } from "./check-error.ts";
import type { ClientConfig } from "./config.ts";
import { type CoordinatorType, findCoordinator } from "./coordinators.ts";
import { NetworkError } from "./errors.ts";
import { isRetriable, retrying } from "./retry.ts";

export type Metadata = Decoded<typeof MetadataResponse>;

/** Who a request is for: any broker, the controller, a broker by its id, or the coordinator of something. */
export type Target =
  | "any"
  | "controller"
  | { readonly node: number }
  | { readonly group: string }
  | { readonly transactionalId: string };

export interface SendOptions {
  /** How long this request may take, where it isn't `request.timeout.ms`: of a fetch that waits. */
  readonly timeoutMs?: number;
  /**
   * Requests with different lanes don't wait for each other: each lane has a connection of its own. Brokers answer
   * the requests of one connection in order.
   */
  readonly lane?: string;
  /** The newest version to send, where a newer one would need what the caller doesn't have. */
  readonly maxVersion?: number;
}

export class KafkaClient {
  private readonly bootstrap: readonly Address[];
  /** Connections by address and lane. */
  private readonly connections = new Map<string, Promise<BrokerConnection>>();
  private readonly coordinators = new Map<string, Promise<number>>();
  private brokers: ReadonlyMap<number, Address> | null = null;
  private controllerId = -1;

  /**
   * Connects to nothing yet.
   *
   * @param troubled is told of failures that are followed by another try
   * @throws ClientConfigError
   */
  constructor(
    bootstrapServers: string,
    readonly config: ClientConfig,
    private readonly troubled: (error: unknown) => void = () => {},
  ) {
    this.bootstrap = parseAddresses(bootstrapServers);
  }

  /**
   * Sends a request and resolves to the answer, whatever error codes that holds. Where the way there fails it is
   * tried again until `default.api.timeout.ms` is over; rejects with a TimeoutError then, and with an
   * UnsupportedVersionError or a KafkaError (of a coordinator's search) where trying again can't help.
   */
  send<Q extends Fields, R extends Fields>(
    target: Target,
    request: Definition<Q>,
    response: Definition<R>,
    body: Body<Q>,
    options: SendOptions = {},
  ): Promise<Decoded<Definition<R>>> {
    return this.retry(() => this.sendOnce(target, request, response, body, options));
  }

  /** As `send`, but tries once: rejects with a NetworkError where the way there fails. */
  async sendOnce<Q extends Fields, R extends Fields>(
    target: Target,
    request: Definition<Q>,
    response: Definition<R>,
    body: Body<Q>,
    options: SendOptions = {},
  ): Promise<Decoded<Definition<R>>> {
    const connection = await this.connection(target, options.lane);
    return connection.send(request, response, body, options);
  }

  /**
   * Calls `operation` again while it rejects with an error that may pass, until `default.api.timeout.ms` is over.
   * What is known about leaders and coordinators is forgotten in between.
   *
   * @param mayPass which errors are worth another try
   */
  retry<T>(operation: () => Promise<T>, mayPass = isRetriable): Promise<T> {
    return retrying(this.config, operation, mayPass, (error) => {
      this.forget();
      this.troubled(error);
    });
  }

  /** The cluster as its brokers see it now: all topics for null. Topics that don't exist are not created. */
  async metadata(topics: readonly string[] | null): Promise<Metadata> {
    const metadata = await this.send("any", MetadataRequest, MetadataResponse, {
      topics: topics?.map((name) => ({ name })) ?? null,
      allowAutoTopicCreation: false,
    });
    this.learn(metadata);
    return metadata;
  }

  /** The ids of all brokers. */
  async nodes(): Promise<number[]> {
    return [...(await this.retry(() => this.knownBrokers())).keys()].sort((a, b) => a - b);
  }

  /** The broker that coordinates a group or a transactional id. Rejects as `connection` does. */
  coordinatorOf(of: Extract<Target, object>): Promise<number> {
    return this.nodeFor(of);
  }

  /** A connection to whoever `target` is. Rejects with a NetworkError, or a KafkaError of a coordinator's search. */
  async connection(target: Target, lane = ""): Promise<BrokerConnection> {
    if (target === "any") return this.anyConnection(lane);
    return this.connectionTo(await this.addressOf(await this.nodeFor(target)), lane);
  }

  /** Forgets who leads, coordinates and controls what: asked anew when it is needed. */
  forget(): void {
    this.brokers = null;
    this.coordinators.clear();
  }

  close(): void {
    for (const connecting of this.connections.values()) {
      connecting.then((connection) => connection.close()).catch(() => {});
    }
    this.connections.clear();
  }

  private async nodeFor(target: Exclude<Target, "any">): Promise<number> {
    if (target === "controller") {
      await this.knownBrokers();
      return this.controllerId;
    }
    if ("node" in target) return target.node;
    return "group" in target
      ? this.coordinator("group", target.group)
      : this.coordinator("transaction", target.transactionalId);
  }

  private coordinator(type: CoordinatorType, key: string): Promise<number> {
    const name = `${type} ${key}`;
    const known = this.coordinators.get(name);
    if (known !== undefined) return known;
    const finding = this.anyConnection("").then((connection) => findCoordinator(connection, type, key));
    this.coordinators.set(name, finding);
    finding.catch(() => this.coordinators.delete(name));
    return finding;
  }

  private async addressOf(node: number): Promise<Address> {
    const address = (await this.knownBrokers()).get(node);
    if (address === undefined) throw new NetworkError(`there is no broker ${node} just now`);
    return address;
  }

  private async knownBrokers(): Promise<ReadonlyMap<number, Address>> {
    if (this.brokers !== null) return this.brokers;
    const connection = await this.anyConnection("");
    const body = { topics: [], allowAutoTopicCreation: false };
    return this.learn(await connection.send(MetadataRequest, MetadataResponse, body));
  }

  private learn({ brokers, controllerId, errorCode }: Metadata): ReadonlyMap<number, Address> {
    checkError(errorCode);
    if (brokers.length === 0)
      throw new KafkaError("LEADER_NOT_AVAILABLE", "The broker knows of no broker yet.");
    this.controllerId = controllerId;
    this.brokers = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    return this.brokers;
  }

  /** The first of the bootstrap servers, and then of the brokers known, that takes a connection. */
  private async anyConnection(lane: string): Promise<BrokerConnection> {
    const failures: string[] = [];
    for (const address of [...this.bootstrap, ...(this.brokers?.values() ?? [])]) {
      try {
        return await this.connectionTo(address, lane);
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        if (!failures.includes(error.message)) failures.push(error.message);
      }
    }
    throw new NetworkError(failures.join("; "));
  }

  private async connectionTo(address: Address, lane: string): Promise<BrokerConnection> {
    const name = `${addressText(address)} ${lane}`;
    const known = this.connections.get(name);
    if (known !== undefined) {
      const connection = await known;
      if (connection.isOpen) return connection;
      if (this.connections.get(name) !== known) return this.connectionTo(address, lane);
    }
    const opening = BrokerConnection.open(address, this.config);
    this.connections.set(name, opening);
    opening.catch(() => {
      if (this.connections.get(name) === opening) this.connections.delete(name);
    });
    return opening;
  }
}
