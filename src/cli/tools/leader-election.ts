/**
 * kafka-leader-election: has leaders of partitions elected.
 */
import { checkError, javaText, serverError } from "../../client/check-error.ts";
import type { KafkaClient } from "../../client/client.ts";
import type { KafkaError } from "../../protocol/errors.ts";
import { ElectLeadersRequest, ElectLeadersResponse } from "../../protocol/messages/elect-leaders.ts";
import { WrongUse } from "../command.ts";
import type { Output } from "../output.ts";
import { connectionOptions } from "../tool/connect.ts";
import { ToolFailure } from "../tool/failure.ts";
import { textOfFile } from "../tool/file.ts";
import { tool } from "../tool/tool.ts";
import { arrayOf, integerOf, objectOf, parseJson, stringOf } from "./admin/json.ts";
import { byTopic } from "./admin/topics.ts";

const electionTypes = { preferred: 0, unclean: 1 } as const;
type ElectionType = keyof typeof electionTypes;

const options = {
  ...connectionOptions,
  "admin.config": {
    type: "string",
    takes: "properties file",
    description: "The same as --command-config (deprecated).",
    excludes: ["command-config"],
  },
  "election-type": {
    type: "string",
    takes: "preferred or unclean",
    description:
      "preferred: the first replica shall lead, where another one does. unclean: any replica shall lead, where none " +
      "does; what it doesn't have is lost.",
    required: true,
  },
  topic: {
    type: "string",
    takes: "topic",
    description: "The topic, of which --partition is the partition.",
    needs: ["partition"],
  },
  partition: { type: "integer", takes: "partition id", description: "The partition.", needs: ["topic"] },
  "all-topic-partitions": { description: "All partitions." },
  "path-to-json-file": {
    type: "string",
    takes: "file",
    description: 'A file with partitions:\n{"partitions": [{"topic": "foo", "partition": 1}]}',
  },
} as const;

interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

interface Elected extends TopicPartition {
  readonly error: KafkaError | null;
}

export const leaderElection = tool({
  description: "Has leaders of partitions elected.",
  options,
  async run(given, { connect, output }) {
    const type = electionType(given["election-type"]);
    const scopes = ["topic", "all-topic-partitions", "path-to-json-file"] as const;
    if (scopes.filter((scope) => given[scope] !== undefined && given[scope] !== false).length !== 1) {
      throw new WrongUse(`One and only one of the following options is required: ${scopes.join(", ")}`);
    }
    const partitions = chosenPartitions(given.topic, given.partition, given["path-to-json-file"]);
    const client = connect({ ...given, "command-config": given["command-config"] ?? given["admin.config"] });
    report(type, await elect(client, type, partitions), output);
    return 0;
  },
});

function electionType(text: string): ElectionType {
  const type = text.toLowerCase();
  if (type === "preferred" || type === "unclean") return type;
  throw new WrongUse(`${text} is no type of elections; there are preferred and unclean`);
}

/** Null for all. */
function chosenPartitions(
  topic: string | undefined,
  partition: number | undefined,
  path: string | undefined,
): TopicPartition[] | null {
  if (topic !== undefined && partition !== undefined) return [{ topic, partition }];
  if (path === undefined) return null;
  const { partitions } = objectOf(parseJson(textOfFile(path), path), path);
  if (partitions === undefined) throw new ToolFailure('Replica election data is missing "partitions" field');
  const chosen = arrayOf(partitions, "partitions").map((element) => {
    const one = objectOf(element, "an element of partitions");
    return { topic: stringOf(one.topic, "topic"), partition: integerOf(one.partition, "partition") };
  });
  const names = chosen.map(nameOf);
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  if (twice.length > 0) {
    throw new ToolFailure(`Replica election data contains duplicate partitions: ${twice.join(",")}`);
  }
  return chosen;
}

async function elect(
  client: KafkaClient,
  type: ElectionType,
  partitions: readonly TopicPartition[] | null,
): Promise<Elected[]> {
  const topics =
    partitions === null
      ? null
      : [...byTopic(partitions)].map(([topic, all]) => ({
          topic,
          partitions: all.map(({ partition }) => partition),
        }));
  const answer = await client.send("controller", ElectLeadersRequest, ElectLeadersResponse, {
    electionType: electionTypes[type],
    topicPartitions: topics,
    timeoutMs: client.config.requestTimeoutMs,
  });
  checkError(answer.errorCode);
  return answer.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
    partitionResult.map(({ partitionId, errorCode, errorMessage }) => ({
      topic,
      partition: partitionId,
      error: serverError(errorCode, errorMessage),
    })),
  );
}

function report(type: ElectionType, elected: readonly Elected[], output: Output): void {
  const kind = type.toUpperCase();
  const done = elected.filter(({ error }) => error === null);
  const notNeeded = elected.filter(({ error }) => error?.errorName === "ELECTION_NOT_NEEDED");
  const failed = elected.filter(({ error }) => error !== null && error.errorName !== "ELECTION_NOT_NEEDED");
  if (done.length > 0) {
    output.line(
      `Successfully completed leader election (${kind}) for partitions ${done.map(nameOf).join(", ")}`,
    );
  }
  if (notNeeded.length > 0) {
    output.line(`Valid replica already elected for partitions ${notNeeded.map(nameOf).join(", ")}`);
  }
  for (const one of failed) {
    if (one.error === null) continue;
    output.line(
      `Error completing leader election (${kind}) for partition: ${nameOf(one)}: ${javaText(one.error)}`,
    );
  }
  if (failed.length > 0) throw new ToolFailure(`${failed.length} replica(s) could not be elected`);
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;
