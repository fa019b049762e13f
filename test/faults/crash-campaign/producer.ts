/**
 * An idempotent producer with acks=all that outlives the broker: several batches in flight for each partition, and
 * whatever has not been acknowledged when a connection ends is sent again with the same sequence numbers.
 */
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../src/protocol/messages/init-producer-id.ts";
import { ProduceRequest, ProduceResponse } from "../../../src/protocol/messages/produce.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";
import type { SeededRandom } from "../../support/random.ts";
import { RawClient } from "../../support/raw-client.ts";
import { check } from "./errors.ts";
import { Broken, type Ledger, nameOf, type Place, valueHead } from "./ledger.ts";

/** As many as an idempotent producer may have. */
const MAX_IN_FLIGHT = 5;
const MAX_RECORDS = 10;
const PRODUCE_VERSION = 11;

interface Batch {
  readonly base: number;
  readonly count: number;
  readonly bytes: Buffer;
}

/** One partition's batches. */
interface Lane {
  readonly place: Place;
  /** Sent or to be sent again, in order, and not acknowledged. */
  readonly unacknowledged: Batch[];
  next: number;
}

export class CampaignProducer {
  private readonly lanes: Lane[];
  private producer: { producerId: bigint; producerEpoch: number } | null = null;

  constructor(
    private readonly ledger: Ledger,
    private readonly random: SeededRandom,
  ) {
    this.lanes = ledger.places.map((place) => ({ place, unacknowledged: [], next: 0 }));
  }

  /**
   * Produces until the connection ends, or until `isOver` and everything is acknowledged.
   *
   * @throws Error when the connection ends, TryAgain when the broker isn't ready, Broken when it breaks a promise
   */
  async run(port: number, isOver: () => boolean): Promise<void> {
    const client = await RawClient.connect(port);
    try {
      this.producer ??= await this.initialize(client);
      await Promise.all(this.lanes.map((lane) => this.runLane(client, lane, isOver)));
    } finally {
      client.close();
    }
  }

  private async initialize(client: RawClient) {
    const answer = await client.request(InitProducerIdRequest, InitProducerIdResponse, 4, {
      transactionalId: null,
      transactionTimeoutMs: 1000,
    });
    check(answer.errorCode, "InitProducerId");
    return { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
  }

  private async runLane(client: RawClient, lane: Lane, isOver: () => boolean): Promise<void> {
    const answers: Promise<void>[] = lane.unacknowledged.map((batch) => this.send(client, lane, batch, true));
    for (;;) {
      while (answers.length < MAX_IN_FLIGHT && !isOver()) {
        const batch = this.nextBatch(lane);
        lane.unacknowledged.push(batch);
        answers.push(this.send(client, lane, batch, false));
      }
      const first = answers.shift();
      if (first === undefined) return;
      // Whoever waits for an earlier one hears of the connection's end by that one.
      for (const later of answers) later.catch(() => undefined);
      await first;
      await Bun.sleep(this.random.below(4));
    }
  }

  private async send(client: RawClient, lane: Lane, batch: Batch, isRepeated: boolean): Promise<void> {
    const { topic, partition } = lane.place;
    if (isRepeated) this.ledger.counts.repeatedBatches++;
    const { responses } = await client.request(ProduceRequest, ProduceResponse, PRODUCE_VERSION, {
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records: batch.bytes }] }],
    });
    const answer = responses[0]?.partitionResponses[0];
    if (answer === undefined) throw new Broken("a produce request is answered without its partition");
    check(answer.errorCode, `Produce to ${nameOf(lane.place)} from sequence ${batch.base} on`);
    if (lane.unacknowledged[0] !== batch) throw new Broken("batches are acknowledged out of order");
    if (Number(answer.baseOffset) !== batch.base) {
      throw new Broken(`${nameOf(lane.place)} has put offset ${batch.base} at ${answer.baseOffset}`);
    }
    lane.unacknowledged.shift();
    this.ledger.acknowledge(lane.place, batch.base + batch.count);
  }

  private nextBatch(lane: Lane): Batch {
    const { random } = this;
    const base = lane.next;
    const count = 1 + random.below(MAX_RECORDS);
    lane.next += count;
    const large = random.below(8) === 0;
    const records = Array.from({ length: count }, (_, index) => ({
      timestamp: Date.now(),
      key: null,
      value: Buffer.from(
        `${valueHead(lane.place, base + index)} ${"x".repeat(random.below(large ? 8000 : 100))}`,
      ),
    }));
    const bytes = buildBatch({
      baseOffset: 0,
      partitionLeaderEpoch: -1,
      baseSequence: base,
      compression: random.below(4) === 0 ? CompressionType.zstd : CompressionType.none,
      ...this.producer,
      records,
    });
    return { base, count, bytes };
  }
}
