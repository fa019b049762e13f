/**
 * A broker under measurement.
 */

/** What Houska is measured beside: Apache Kafka, or kfake, which keeps everything in memory. */
export type Rival = "Kafka" | "kfake";

export interface BenchBroker {
  readonly name: "Houska" | Rival;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends it at once, where nobody needs what it has written. */
  kill(): Promise<void>;
  /** Where its log lies, for workloads that put files out of the page cache. */
  readonly logDirectory: string;
}

export interface BrokerKind {
  readonly name: "Houska" | Rival;
  /** Makes a new log directory ready: what comes before the first start. */
  format(logDirectory: string): Promise<void>;
  /** Starts on a log directory; the process runs, and may not listen yet. */
  spawn(logDirectory: string): Promise<BenchBroker>;
}

/** What both brokers are told, beside listeners and log.dirs. */
export const COMMON_PROPERTIES: readonly string[] = [
  "process.roles=broker,controller",
  "node.id=1",
  "offsets.topic.replication.factor=1",
  "transaction.state.log.replication.factor=1",
  "transaction.state.log.min.isr=1",
  "share.coordinator.state.topic.replication.factor=1",
  "share.coordinator.state.topic.min.isr=1",
  "group.initial.rebalance.delay.ms=0",
  "auto.create.topics.enable=false",
  // What a run has written goes away before the next one.
  "log.segment.delete.delay.ms=1000",
];
