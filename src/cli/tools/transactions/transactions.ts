/**
 * kafka-transactions: what transactions there are, and putting an end to those that hang.
 */

import { action, toolWithActions } from "../../tool/actions.ts";
import { connectionOptions } from "../../tool/connect.ts";
import { failureText, ToolFailure } from "../../tool/failure.ts";
import { tabbedTable } from "../admin/table.ts";
import { describeProducers, describeTransaction, listTransactions } from "../admin/transactions.ts";
import { abortTransaction, forceTermination } from "./abort.ts";
import { findHanging } from "./find-hanging.ts";

const topicPartition = {
  topic: { type: "string", takes: "topic", description: "The topic.", required: true },
  partition: { type: "integer", takes: "partition", description: "The partition.", required: true },
} as const;

export const transactions = toolWithActions({
  description: "Shows transactions and producers, and puts an end to transactions that hang.",
  actions: {
    list: action({
      description: "Lists the transactional ids.",
      options: {
        ...connectionOptions,
        "duration-filter": {
          type: "integer",
          takes: "milliseconds",
          description: "Only transactions that have been open for longer.",
        },
        "transactional-id-pattern": {
          type: "string",
          takes: "regular expression",
          description: "Only transactional ids that match.",
        },
      },
      json: true,
      async run(given, { connect, output, json }) {
        const filter = {
          longerThanMs: given["duration-filter"],
          idPattern: given["transactional-id-pattern"],
        };
        const found = await failing("Failed to list transactions", () =>
          listTransactions(connect(given), filter),
        );
        if (json) output.line(jsonText(found));
        else {
          const rows = found.map((one) => [
            one.transactionalId,
            one.coordinator,
            String(one.producerId),
            one.state,
          ]);
          output.line(
            tabbedTable(["TransactionalId", "Coordinator", "ProducerId", "TransactionState"], rows),
          );
        }
        return 0;
      },
    }),
    describe: action({
      description: "Shows the state of a transactional id.",
      options: {
        ...connectionOptions,
        "transactional-id": {
          type: "string",
          takes: "id",
          description: "The transactional id.",
          required: true,
        },
      },
      json: true,
      async run(given, { connect, output, json }) {
        const id = given["transactional-id"];
        const found = await failing(
          `Failed to describe transaction state of transactional-id \`${id}\``,
          () => describeTransaction(connect(given), id),
        );
        if (json) output.line(jsonText(found));
        else output.line(tabbedTable(descriptionColumns, [descriptionRow(found)]));
        return 0;
      },
    }),
    "describe-producers": action({
      description: "Shows who has written to a partition, and which transactions are open there.",
      options: {
        ...connectionOptions,
        ...topicPartition,
        "broker-id": {
          type: "integer",
          takes: "id",
          description: "Which replica to ask; the leader when left out.",
        },
      },
      json: true,
      async run(given, { connect, output, json }) {
        const { topic, partition, "broker-id": broker } = given;
        const where = broker === undefined ? "leader" : `broker ${broker}`;
        const found = await failing(
          `Failed to describe producers for partition ${topic}-${partition} on ${where}`,
          () => describeProducers(connect(given), topic, partition, broker),
        );
        if (json) output.line(jsonText(found));
        else output.line(tabbedTable(producerColumns, found.map(producerRow)));
        return 0;
      },
    }),
    abort: action({
      description: "Aborts a transaction that hangs on a partition.",
      options: {
        ...connectionOptions,
        ...topicPartition,
        "start-offset": {
          type: "integer",
          takes: "offset",
          description: "Where on the partition it begins.",
        },
        "producer-id": { type: "integer", takes: "id", description: "Whose it is, of brokers before 3.0." },
        "producer-epoch": { type: "integer", takes: "epoch", description: "The producer's epoch." },
        "coordinator-epoch": { type: "integer", takes: "epoch", description: "The coordinator's epoch." },
      },
      async run(given, { connect }) {
        await abortTransaction(connect(given), given);
        return 0;
      },
    }),
    "find-hanging": action({
      description: "Finds transactions that hang: open on a partition, and nobody's any more.",
      options: {
        ...connectionOptions,
        topic: { ...topicPartition.topic, required: false },
        partition: { ...topicPartition.partition, required: false },
        "broker-id": {
          type: "integer",
          takes: "id",
          description: "Only partitions with a replica on this broker.",
        },
        "max-transaction-timeout": {
          type: "integer",
          takes: "minutes",
          description: "Only transactions that have been silent for longer.",
          default: "15",
        },
      },
      json: true,
      async run(given, { connect, output, json }) {
        if (given.topic === undefined && given["broker-id"] === undefined) {
          throw new ToolFailure(
            "The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search",
          );
        }
        if (given.partition !== undefined && given.topic === undefined) {
          throw new ToolFailure("The --partition argument requires --topic to be provided");
        }
        const { topic, partition } = given;
        const scope = { topic, partition, broker: given["broker-id"] };
        const found = await findHanging(connect(given), scope, given["max-transaction-timeout"]);
        if (json) output.line(jsonText(found));
        else {
          const rows = found.map((one) => [
            ...[one.topic, one.partition, String(one.producerId), one.producerEpoch, one.coordinatorEpoch],
            ...[String(one.transactionStartOffset), String(one.lastTimestamp), one.minutes],
          ]);
          output.line(tabbedTable(hangingColumns, rows));
        }
        return 0;
      },
    }),
    forceTerminateTransaction: action({
      description: "Aborts whatever transaction a transactional id has open.",
      options: {
        ...connectionOptions,
        transactionalId: {
          type: "string",
          takes: "id",
          description: "The transactional id.",
          required: true,
        },
      },
      async run(given, { connect }) {
        const id = given.transactionalId;
        await failing(`Failed to force terminate transactionalId \`${id}\``, () =>
          forceTermination(connect(given), id),
        );
        return 0;
      },
    }),
  },
});

const descriptionColumns = [
  ...["CoordinatorId", "TransactionalId", "ProducerId", "ProducerEpoch", "TransactionState"],
  ...["TransactionTimeoutMs", "CurrentTransactionStartTimeMs", "TransactionDurationMs", "TopicPartitions"],
];

function descriptionRow(one: Awaited<ReturnType<typeof describeTransaction>>): (string | number)[] {
  const { startTimeMs } = one;
  return [
    ...[
      one.coordinator,
      one.transactionalId,
      String(one.producerId),
      one.producerEpoch,
      one.state,
      one.timeoutMs,
    ],
    ...[startTimeMs ?? "None", startTimeMs === null ? "None" : Date.now() - startTimeMs],
    one.partitions.map(({ topic, partition }) => `${topic}-${partition}`).join(","),
  ];
}

const producerColumns = [
  ...["ProducerId", "ProducerEpoch", "LatestCoordinatorEpoch", "LastSequence", "LastTimestamp"],
  "CurrentTransactionStartOffset",
];

function producerRow(one: Awaited<ReturnType<typeof describeProducers>>[number]): (string | number)[] {
  return [
    ...[String(one.producerId), one.producerEpoch, one.coordinatorEpoch, one.lastSequence],
    ...[String(one.lastTimestamp), String(one.transactionStartOffset ?? "None")],
  ];
}

const hangingColumns = [
  ...[
    "Topic",
    "Partition",
    "ProducerId",
    "ProducerEpoch",
    "CoordinatorEpoch",
    "StartOffset",
    "LastTimestamp",
  ],
  "Duration(min)",
];

/** Says what failed before it says why. */
async function failing<T>(what: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const text = failureText(error);
    if (text === null) throw error;
    throw new ToolFailure(`${what}: ${text}`);
  }
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? Number(inner) : inner));
}
