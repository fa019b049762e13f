/**
 * Requests about transactions, right ones and wrong ones, in every version that is told something else.
 */
import {
  AddOffsetsToTxnRequest,
  AddOffsetsToTxnResponse,
} from "../../../../../src/protocol/messages/add-offsets-to-txn.ts";
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from "../../../../../src/protocol/messages/add-partitions-to-txn.ts";
import {
  DescribeProducersRequest,
  DescribeProducersResponse,
} from "../../../../../src/protocol/messages/describe-producers.ts";
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from "../../../../../src/protocol/messages/describe-transactions.ts";
import { EndTxnRequest, EndTxnResponse } from "../../../../../src/protocol/messages/end-txn.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../../../src/protocol/messages/init-producer-id.ts";
import {
  ListTransactionsRequest,
  ListTransactionsResponse,
} from "../../../../../src/protocol/messages/list-transactions.ts";
import { ProduceRequest, ProduceResponse } from "../../../../../src/protocol/messages/produce.ts";
import {
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
} from "../../../../../src/protocol/messages/txn-offset-commit.ts";
import {
  WriteTxnMarkersRequest,
  WriteTxnMarkersResponse,
} from "../../../../../src/protocol/messages/write-txn-markers.ts";
import type { ProducerIdAndEpoch } from "../../../../../src/transaction/transaction.ts";
import { batchOf } from "../../../../support/batches.ts";
import type { Conversation } from "./conversation.ts";

const TOPIC = "t";
const NOBODY: ProducerIdAndEpoch = { producerId: 9999n, producerEpoch: 0 };

class Client {
  producer: ProducerIdAndEpoch = { producerId: -1n, producerEpoch: -1 };
  private readonly sequences = new Map<string, number>();

  constructor(
    private readonly conversation: Conversation,
    readonly transactionalId: string,
  ) {}

  async init(
    step: string,
    version = 5,
    options: { timeout?: number; as?: ProducerIdAndEpoch; concurrent?: boolean } = {},
  ) {
    const { timeout = 60_000, as = { producerId: -1n, producerEpoch: -1 }, concurrent = false } = options;
    const { transactionalId } = this;
    const request = { transactionalId, transactionTimeoutMs: timeout, ...as };
    const messages = [InitProducerIdRequest, InitProducerIdResponse] as const;
    const answer = await this.conversation.ask(step, messages, version, request, { concurrent });
    if (answer.errorCode === 0)
      this.producer = { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
  }

  async add(step: string, partitions: number[], version = 3, as = this.producer, topic = TOPIC) {
    await this.conversation.ask(step, [AddPartitionsToTxnRequest, AddPartitionsToTxnResponse], version, {
      v3AndBelowTransactionalId: this.transactionalId,
      v3AndBelowProducerId: as.producerId,
      v3AndBelowProducerEpoch: as.producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions }],
    });
  }

  async addAsBroker(
    step: string,
    partitions: number[],
    verifyOnly: boolean,
    version = 5,
    as = this.producer,
  ) {
    await this.conversation.ask(step, [AddPartitionsToTxnRequest, AddPartitionsToTxnResponse], version, {
      transactions: [
        { transactionalId: this.transactionalId, ...as, verifyOnly, topics: [{ name: TOPIC, partitions }] },
      ],
    });
  }

  async addOffsets(step: string, groupId = "g", version = 4, as = this.producer) {
    const request = { transactionalId: this.transactionalId, ...as, groupId };
    await this.conversation.ask(step, [AddOffsetsToTxnRequest, AddOffsetsToTxnResponse], version, request);
  }

  async send(step: string, index: number, version = 12, as = this.producer) {
    const key = `${as.producerId}/${as.producerEpoch}/${index}`;
    const baseSequence = this.sequences.get(key) ?? 0;
    const records = batchOf(["v"], { ...as, baseSequence, transactional: true });
    const answer = await this.conversation.ask(step, [ProduceRequest, ProduceResponse], version, {
      transactionalId: this.transactionalId,
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: TOPIC, partitionData: [{ index, records }] }],
    });
    if (answer.responses[0]?.partitionResponses[0]?.errorCode === 0)
      this.sequences.set(key, baseSequence + 1);
  }

  async commitOffsets(
    step: string,
    version: number,
    { as = this.producer, groupId = "g", name = TOPIC, generation = -1, memberId = "", metadata = "m" } = {},
  ) {
    await this.conversation.ask(step, [TxnOffsetCommitRequest, TxnOffsetCommitResponse], version, {
      transactionalId: this.transactionalId,
      groupId,
      ...as,
      generationIdOrMemberEpoch: generation,
      memberId,
      groupInstanceId: null,
      topics: [
        {
          name,
          partitions: [0, 9].map((partitionIndex) => ({
            partitionIndex,
            committedOffset: 1,
            committedLeaderEpoch: -1,
            committedMetadata: metadata,
          })),
        },
      ],
    });
  }

  async end(step: string, committed: boolean, version = 5, as = this.producer) {
    const request = { transactionalId: this.transactionalId, ...as, committed };
    const answer = await this.conversation.ask(step, [EndTxnRequest, EndTxnResponse], version, request);
    if (answer.errorCode === 0 && version >= 5) {
      this.producer = { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
    }
    return answer;
  }
}

/** Goes through it all; the topic `t` has three partitions, and the coordinators' topics are there. */
export async function converse(conversation: Conversation): Promise<void> {
  await wrongIds(conversation);
  await newProtocol(conversation);
  await oldProtocol(conversation);
  await fencing(conversation);
  await offsets(conversation);
  await between(conversation);
  await markers(conversation);
  await administration(conversation);
}

async function wrongIds(conversation: Conversation): Promise<void> {
  const client = new Client(conversation, "wrong");
  await client.add("add before init", [0], 3, NOBODY);
  await client.addOffsets("add offsets before init", "g", 4, NOBODY);
  await client.end("end before init", true, 4, NOBODY);
  await client.end("end before init", true, 5, NOBODY);
  await client.send("produce before init", 0, 12, NOBODY);
  await client.send("produce before init", 0, 11, NOBODY);
  await client.send("produce before init", 0, 9, NOBODY);
  await client.init("no timeout", 5, { timeout: 0 });
  await client.init("negative timeout", 5, { timeout: -1 });
  await client.init("timeout too long", 5, { timeout: 900_001 });
  await client.init("half a producer", 5, { as: { producerId: 5n, producerEpoch: -1 } });
  await client.init("a producer that nobody knows", 5, { as: { producerId: 5n, producerEpoch: 3 } });
  await client.init("another producer", 5, { as: NOBODY });
  await client.init("another producer", 3, { as: NOBODY });
  await new Client(conversation, "").init("empty id");
}

async function newProtocol(conversation: Conversation): Promise<void> {
  const client = new Client(conversation, "new");
  await client.init("new: init");
  await client.end("new: commit nothing", true);
  await client.end("new: abort nothing", false);
  await client.send("new: produce", 0);
  await client.send("new: produce again", 0);
  await client.send("new: produce elsewhere", 1);
  await client.send("new: produce to no partition", 9);
  const before = client.producer;
  await client.end("new: commit", true);
  await client.end("new: commit once more", true, 5, before);
  await client.end("new: abort instead", false, 5, before);
  await client.send("new: produce in the old epoch", 0, 12, before);
  await client.send("new: produce in the next epoch", 0);
  const { producerId, producerEpoch } = client.producer;
  await client.send("new: produce in an epoch to come", 2, 12, {
    producerId,
    producerEpoch: producerEpoch + 5,
  });
  await client.end("new: end in an epoch to come", true, 5, { producerId, producerEpoch: producerEpoch + 5 });
  await client.end("new: end as another", true, 5, NOBODY);
  await client.end("new: abort", false);
  await client.end("new: abort nothing again", false);
  const last = client.producer;
  await client.init("new: init as itself", 5, { as: last });
  await client.init("new: init as itself once more", 5, { as: last });
  await client.init("new: init as it was long ago", 5, { as: before });
  await client.init("new: init as nobody in particular");
  await client.init("new: init as itself, fenced", 5, { as: last });
}

async function oldProtocol(conversation: Conversation): Promise<void> {
  const client = new Client(conversation, "old");
  await client.init("old: init", 2);
  await client.end("old: commit nothing", true, 3);
  await client.end("old: abort nothing", false, 3);
  await client.add("old: add", [0, 1], 0);
  await client.add("old: add again", [0], 3);
  await client.add("old: add to no partition", [2, 9], 3);
  await client.add("old: add to no topic", [0], 3, client.producer, "nowhere");
  await client.send("old: produce", 0, 11);
  for (const version of [9, 10, 11]) await client.send("old: produce without adding", 2, version);
  await client.end("old: commit", true, 4);
  await client.end("old: commit once more", true, 4);
  await client.end("old: abort instead", false, 4);
  await client.send("old: produce after the end", 0, 11);
  const { producerId, producerEpoch } = client.producer;
  const other = { producerId, producerEpoch: producerEpoch + 1 };
  for (const version of [0, 1, 2, 3]) await client.add("old: add in an epoch to come", [0], version, other);
  for (const version of [0, 1, 2, 4]) await client.end("old: end in an epoch to come", true, version, other);
}

async function fencing(conversation: Conversation): Promise<void> {
  const first = new Client(conversation, "fenced");
  await first.init("fenced: first init");
  await first.send("fenced: produce", 0);
  const second = new Client(conversation, "fenced");
  await second.init("fenced: second init, too early", 5, { concurrent: true });
  await second.init("fenced: second init");
  await first.send("fenced: produce goes on", 0);
  await first.send("fenced: produce elsewhere", 1);
  await first.send("fenced: produce elsewhere", 2, 11);
  await first.commitOffsets("fenced: offsets", 5);
  await first.end("fenced: commit", true);
  for (const version of [1, 2, 4]) {
    await first.add("fenced: add", [0], Math.min(version, 3));
    await first.addOffsets("fenced: add offsets", "g", version);
    await first.end("fenced: commit", true, version);
  }
  await first.init("fenced: init as before", 3, { as: first.producer });
  await first.init("fenced: init as before", 4, { as: first.producer });
}

async function offsets(conversation: Conversation): Promise<void> {
  const client = new Client(conversation, "offsets");
  await client.init("offsets: init");
  for (const version of [0, 3, 4]) await client.commitOffsets("offsets: not added", version);
  await client.addOffsets("offsets: add", "g", 0);
  for (const version of [0, 3, 4]) await client.commitOffsets("offsets: added", version);
  await client.commitOffsets("offsets: no topic", 4, { name: "nowhere" });
  await client.commitOffsets("offsets: no group", 4, { groupId: "" });
  await client.commitOffsets("offsets: a generation of no group", 4, { groupId: "other", generation: 1 });
  await client.commitOffsets("offsets: a member of no group", 4, { memberId: "somebody", generation: 1 });
  await client.commitOffsets("offsets: metadata too long", 5, { metadata: "x".repeat(5000) });
  await client.commitOffsets("offsets: another producer", 5, { as: NOBODY });
  await client.end("offsets: commit", true, 4);
  await client.commitOffsets("offsets: added by itself", 5);
  await client.commitOffsets("offsets: a generation of no group", 5, { groupId: "other", generation: 1 });
  await client.end("offsets: commit", true);
}

async function between(conversation: Conversation): Promise<void> {
  const client = new Client(conversation, "between");
  await client.init("between: init");
  await client.addAsBroker("between: verify nothing", [0], true);
  await client.addAsBroker("between: add", [0, 1], false);
  await client.addAsBroker("between: verify", [0, 2], true, 4);
  await client.addAsBroker("between: no partition", [0, 9], false);
  await client.addAsBroker("between: another producer", [0], true, 4, NOBODY);
  await client.addAsBroker("between: an epoch to come", [0], false, 4, {
    ...client.producer,
    producerEpoch: client.producer.producerEpoch + 1,
  });
  await client.end("between: abort", false);
}

async function markers(conversation: Conversation): Promise<void> {
  const client = new Client(conversation, "markers");
  await client.init("markers: init");
  await client.init("markers: second init");
  await client.send("markers: produce", 0);
  const { producerId, producerEpoch } = client.producer;
  const write = (step: string, epoch: number, coordinatorEpoch = 0, version = 2, transactionVersion = 0) =>
    conversation.ask(step, [WriteTxnMarkersRequest, WriteTxnMarkersResponse], version, {
      markers: [
        {
          producerId,
          producerEpoch: epoch,
          transactionResult: false,
          topics: [
            { name: TOPIC, partitionIndexes: [0, 9] },
            { name: "nowhere", partitionIndexes: [0] },
          ],
          coordinatorEpoch,
          ...(version >= 2 ? { transactionVersion } : {}),
        },
      ],
    });
  await write("markers: same epoch, new version", producerEpoch, 0, 2, 2);
  await write("markers: no epoch", -1);
  await write("markers: older epoch", producerEpoch - 1);
  await write("markers: same epoch", producerEpoch, 0, 1);
  await write("markers: older coordinator", producerEpoch, -1);
  await client.end("markers: abort", false);
}

async function administration(conversation: Conversation): Promise<void> {
  const client = new Client(conversation, "open");
  await client.init("open: init");
  await client.send("open: produce", 2);
  const transactionalIds = ["open", "new", "old", "nobody's", ""];
  const describe = [DescribeTransactionsRequest, DescribeTransactionsResponse] as const;
  await conversation.ask("describe transactions", describe, 0, { transactionalIds });
  await conversation.ask("describe producers", [DescribeProducersRequest, DescribeProducersResponse], 0, {
    topics: [
      { name: TOPIC, partitionIndexes: [0, 1, 2, 9] },
      { name: "nowhere", partitionIndexes: [0] },
      { name: "no topic", partitionIndexes: [0] },
    ],
  });
  const list = (step: string, filter: object, version = 2) =>
    conversation.ask(step, [ListTransactionsRequest, ListTransactionsResponse], version, {
      stateFilters: [],
      producerIdFilters: [],
      ...filter,
    });
  await list("list all", {}, 0);
  await list("list by state", { stateFilters: ["Ongoing", "Sleeping", "Dead"] });
  await list("list unknown states", { stateFilters: ["Sleeping"] });
  await list("list by producer", { producerIdFilters: [client.producer.producerId, 77n] });
  await list("list old ones", { durationFilter: 10_000_000n });
  await list("list by pattern", { transactionalIdPattern: "o.*" });
  await list("list by a part", { transactionalIdPattern: "pe" });
  await list("list by no pattern", { transactionalIdPattern: "" });
  await list("list by a wrong pattern", { transactionalIdPattern: "(" });
}
