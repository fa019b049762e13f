/**
 * Records that are read as soon as they are written: how long they take, and what it costs.
 */
import { readyBatch } from "../load/batches.ts";
import { LoadConnection } from "../load/connection.ts";
import { CONSUMER_SIZES } from "../load/fetch-load.ts";
import { sendPaced } from "../load/paced-load.ts";
import { fetchFrame, produceFrame, readFetched } from "../load/requests.ts";
import { type BenchTopic, createTopic, deleteTopic } from "../load/topics.ts";
import { percentile } from "../statistics.ts";
import { type LoadWorkload, withCpu } from "../workload.ts";

function workload(perSecond: number): LoadWorkload {
  return {
    name: `end-to-end-${perSecond}`,
    what: `${perSecond} records of 1 KiB a second, each in a batch of its own, with a consumer that waits for them`,
    metrics: [
      { name: "p50", unit: "ms", atMost: 0.6 },
      { name: "p99", unit: "ms", atMost: 0.6 },
      { name: "broker CPU", unit: "% of a core" },
    ],
    async run(broker, { scale }) {
      const topic = await createTopic(broker.port, 1);
      const sentAt: number[] = [];
      const seconds = Math.max(1, 3 * scale);
      const consumer = await Consumer.start(broker.port, topic, sentAt);
      const frames = [
        produceFrame(topic.id, 1, [{ partition: 0, batch: readyBatch({ recordBytes: 1024, records: 1 }) }]),
      ];
      const measured = await withCpu(broker, async () => {
        const onSend = (request: number, sentMs: number) => {
          sentAt[request] = sentMs;
        };
        await sendPaced({ port: broker.port, frames, perSecond, seconds, onSend });
        await consumer.hasRead(Math.round(perSecond * seconds));
      });
      consumer.stop();
      await deleteTopic(broker, topic);
      const { latenciesMs } = consumer;
      return {
        p50: percentile(latenciesMs, 0.5),
        p99: percentile(latenciesMs, 0.99),
        "broker CPU": (measured.brokerCpu / measured.seconds) * 100,
      };
    },
  };
}

/** Fetches one partition from its start on, again and again, and notes when each offset came. */
class Consumer {
  readonly latenciesMs: number[] = [];
  private next = 0;
  private enough = { offset: Number.POSITIVE_INFINITY, tell: () => {} };

  private constructor(
    private readonly connection: LoadConnection,
    private readonly topic: BenchTopic,
    private readonly sentAt: readonly number[],
  ) {}

  static async start(port: number, topic: BenchTopic, sentAt: readonly number[]): Promise<Consumer> {
    const consumer = new Consumer(await LoadConnection.connect(port), topic, sentAt);
    consumer.connection.onAnswer = (answer) => consumer.take(answer);
    consumer.ask();
    return consumer;
  }

  hasRead(offset: number): Promise<void> {
    return new Promise((resolve) => {
      this.enough = { offset, tell: resolve };
      if (this.next >= offset) resolve();
    });
  }

  stop(): void {
    this.connection.close();
  }

  private ask(): void {
    this.connection.send(fetchFrame(this.topic.id, [[0, this.next]], CONSUMER_SIZES));
  }

  private take(answer: Buffer): void {
    const now = performance.now();
    const [partition] = readFetched(answer);
    const end = Number(partition?.highWatermark ?? 0);
    for (; this.next < end; this.next++) this.latenciesMs.push(now - (this.sentAt[this.next] ?? Number.NaN));
    if (this.next >= this.enough.offset) this.enough.tell();
    else this.ask();
  }
}

export const tailWorkloads: readonly LoadWorkload[] = [workload(100), workload(1000)];
