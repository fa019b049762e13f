/**
 * What a broker does between two power cuts, through its APIs: topics made, changed and deleted, records appended until
 * segments roll, offsets committed, records deleted, checkpoints, compaction, a clean restart in the middle. It ends
 * where the power does.
 */
import { CreateTopicsRequest, CreateTopicsResponse } from "../../../src/protocol/messages/create-topics.ts";
import {
  DeleteRecordsRequest,
  DeleteRecordsResponse,
} from "../../../src/protocol/messages/delete-records.ts";
import { DeleteTopicsRequest, DeleteTopicsResponse } from "../../../src/protocol/messages/delete-topics.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../src/protocol/messages/find-coordinator.ts";
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../../src/protocol/messages/incremental-alter-configs.ts";
import { OffsetCommitRequest, OffsetCommitResponse } from "../../../src/protocol/messages/offset-commit.ts";
import { ProduceRequest, ProduceResponse } from "../../../src/protocol/messages/produce.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import type { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { DiskBroker } from "../bit-flips/disk-broker.ts";
import { Ledger, type SentRecord, TopicLedger } from "./ledger.ts";

/** Every append is acknowledged when it is on the disk. Few partitions for groups, so that theirs is soon used. */
export const overrides = [
  "log.flush.interval.messages=1",
  "offsets.topic.num.partitions=1",
  "log.cleaner.min.cleanable.ratio=0.01",
  "log.cleaner.delete.retention.ms=0",
  "metadata.log.max.record.bytes.between.snapshots=500",
  "metadata.max.retention.bytes=2000",
  "internal.metadata.log.segment.bytes=600",
];

export const GROUP = "g";
/** What the clock of the broker says; it stands still. */
const TIMESTAMP = 1_700_000_000_000;
const TOPIC_RESOURCE = 2;
const SET = 0;

/** Runs it, and says how far it got. */
export async function runWorkload(disk: SimulatedDisk): Promise<Ledger> {
  const ledger = new Ledger();
  try {
    await new Workload(disk, ledger).run();
    ledger.isComplete = true;
  } catch (error) {
    if (disk.changes < disk.powerOffAfter) throw error;
  }
  return ledger;
}

/** The broker has answered with an error. */
class Refused extends Error {}

class Workload {
  #broker: DiskBroker | undefined;
  #values = 0;

  constructor(
    private readonly disk: SimulatedDisk,
    private readonly ledger: Ledger,
  ) {}

  async run(): Promise<void> {
    this.#broker = await DiskBroker.open(this.disk, undefined, overrides);
    const plain = await this.create("plain", false);
    const compacted = await this.create("compacted", true);
    await this.findCoordinator();
    for (let step = 0; step < 5; step++) {
      await this.produce(plain, [null, null]);
      await this.produce(compacted, [`k${step % 2}`, "k"]);
      await this.commit(step);
    }
    await this.broker.logs.checkpoint();
    await this.broker.logs.cleanDirtiest();
    await this.alter("plain", "86400000");
    await this.deleteRecords(plain, 4);
    const gone = await this.create("gone", false);
    await this.produce(gone, [null]);
    await this.delete(gone);
    await this.broker.stop();
    this.#broker = await DiskBroker.open(this.disk, undefined, overrides);
    for (let step = 0; step < 3; step++) {
      await this.produce(plain, [null]);
      await this.produce(compacted, [`k${step % 2}`]);
      await this.commit(10 + step);
    }
    await this.broker.logs.applyRetention();
    await this.broker.logs.cleanDirtiest();
    await this.create("gone", false);
    await this.broker.stop();
  }

  get broker(): DiskBroker {
    if (!this.#broker) throw new Error("the broker has not been opened");
    return this.#broker;
  }

  async create(name: string, isCompacted: boolean): Promise<TopicLedger> {
    const topic = new TopicLedger(name, isCompacted);
    this.ledger.topics.push(topic);
    const { topics } = await this.broker.request(CreateTopicsRequest, CreateTopicsResponse, 7, {
      topics: [
        {
          name,
          numPartitions: 1,
          replicationFactor: 1,
          assignments: [],
          configs: [
            { name: "cleanup.policy", value: isCompacted ? "compact" : "delete" },
            { name: "internal.segment.bytes", value: "300" },
          ],
        },
      ],
      timeoutMs: 1000,
      validateOnly: false,
    });
    accept(topics[0]?.errorCode);
    topic.created = "acknowledged";
    return topic;
  }

  async delete(topic: TopicLedger): Promise<void> {
    topic.deleted = "asked";
    const { responses } = await this.broker.request(DeleteTopicsRequest, DeleteTopicsResponse, 5, {
      topicNames: [topic.name],
      timeoutMs: 1000,
    });
    accept(responses[0]?.errorCode);
    topic.deleted = "acknowledged";
  }

  async alter(topic: string, retentionMs: string): Promise<void> {
    this.ledger.retentionMs.add(retentionMs);
    const { responses } = await this.broker.request(
      IncrementalAlterConfigsRequest,
      IncrementalAlterConfigsResponse,
      1,
      {
        resources: [
          {
            resourceType: TOPIC_RESOURCE,
            resourceName: topic,
            configs: [{ name: "retention.ms", configOperation: SET, value: retentionMs }],
          },
        ],
        validateOnly: false,
      },
    );
    accept(responses[0]?.errorCode);
    this.ledger.retentionMs.delete("604800000");
  }

  async produce(topic: TopicLedger, keys: readonly (string | null)[]): Promise<void> {
    const sent = keys.map(
      (key): SentRecord => ({ key, value: `value ${this.#values++}`, offset: undefined }),
    );
    topic.records.push(...sent);
    const { responses } = await this.broker.request(ProduceRequest, ProduceResponse, 9, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: topic.name, partitionData: [{ index: 0, records: batchOf(sent) }] }],
    });
    const answer = responses[0]?.partitionResponses[0];
    accept(answer?.errorCode);
    for (const [index, record] of sent.entries()) record.offset = Number(answer?.baseOffset) + index;
  }

  /** Has the groups' topic made. */
  async findCoordinator(): Promise<void> {
    for (let tries = 0; ; tries++) {
      const { coordinators } = await this.broker.request(FindCoordinatorRequest, FindCoordinatorResponse, 4, {
        keyType: 0,
        coordinatorKeys: [GROUP],
      });
      const error = coordinators[0]?.errorCode;
      if (error === 0) return;
      if (tries === 3) accept(error);
    }
  }

  async commit(offset: number): Promise<void> {
    this.ledger.askedCommit = offset;
    const { topics } = await this.broker.request(OffsetCommitRequest, OffsetCommitResponse, 8, {
      groupId: GROUP,
      generationIdOrMemberEpoch: -1,
      memberId: "",
      topics: [
        {
          name: "plain",
          partitions: [{ partitionIndex: 0, committedOffset: BigInt(offset), committedMetadata: "" }],
        },
      ],
    });
    accept(topics[0]?.partitions[0]?.errorCode);
    this.ledger.acknowledgedCommit = offset;
  }

  async deleteRecords(topic: TopicLedger, offset: number): Promise<void> {
    topic.askedStart = offset;
    const { topics } = await this.broker.request(DeleteRecordsRequest, DeleteRecordsResponse, 2, {
      topics: [{ name: topic.name, partitions: [{ partitionIndex: 0, offset: BigInt(offset) }] }],
      timeoutMs: 1000,
    });
    accept(topics[0]?.partitions[0]?.errorCode);
    topic.acknowledgedStart = offset;
  }
}

function accept(errorCode: number | undefined): void {
  if (errorCode !== 0) throw new Refused(`answered with error ${errorCode}`);
}

export function batchOf(records: readonly { key: string | null; value: string }[]): Buffer {
  return buildBatch({
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    records: records.map(({ key, value }) => ({
      timestamp: TIMESTAMP,
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from(value.padEnd(40)),
    })),
  });
}
