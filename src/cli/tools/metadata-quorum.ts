/**
 * kafka-metadata-quorum: who writes the metadata log, and how far everybody is.
 */

import { checkError } from "../../client/check-error.ts";
import type { KafkaClient } from "../../client/client.ts";
import { DescribeQuorumRequest, DescribeQuorumResponse } from "../../protocol/messages/describe-quorum.ts";
import type { Decoded } from "../../protocol/schema.ts";
import { ZERO_UUID } from "../../protocol/uuid.ts";
import { action, toolWithActions } from "../tool/actions.ts";
import { brokerOrControllerOptions } from "../tool/connect.ts";
import { ToolFailure } from "../tool/failure.ts";
import { ask } from "./admin/ask.ts";
import { tabbedTable } from "./admin/table.ts";

const METADATA_TOPIC = "__cluster_metadata";

type Answer = Decoded<typeof DescribeQuorumResponse>;
type Partition = Answer["topics"][number]["partitions"][number];
type Replica = Partition["currentVoters"][number];

interface Quorum extends Partition {
  readonly nodes: Answer["nodes"];
}

export const metadataQuorum = toolWithActions({
  description: "Tells of the quorum that writes the metadata log.",
  actions: {
    describe: action({
      description: "Shows the quorum's state, or how far each replica is.",
      options: {
        ...brokerOrControllerOptions,
        status: { description: "Show the state in short.", excludes: ["replication"] },
        replication: { description: "Show how far each replica is." },
        "human-readable": {
          description: "With --replication: times as what has passed since.",
          needs: ["replication"],
        },
      },
      json: true,
      async run(given, { connect, output, json }) {
        if (!given.status && !given.replication && !json) {
          throw new ToolFailure(
            "One of --status or --replication must be specified with describe sub-command",
          );
        }
        const client = connect(given);
        const quorum = await describeQuorum(client);
        if (json)
          output.line(
            JSON.stringify(quorum, (_, value) => (typeof value === "bigint" ? Number(value) : value)),
          );
        else if (given.replication) output.line(replicationText(quorum, given["human-readable"]));
        else output.line(statusText(quorum, (await client.metadata([])).clusterId ?? ""));
        return 0;
      },
    }),
    "add-controller": action({
      description: "Refused: these tools know quorums of one controller only.",
      options: { ...brokerOrControllerOptions, "dry-run": { description: "Changes nothing." } },
      run: () => refused(),
    }),
    "remove-controller": action({
      description: "Refused: these tools know quorums of one controller only.",
      options: {
        ...brokerOrControllerOptions,
        "controller-id": { type: "integer", takes: "id", description: "The controller.", short: "i" },
        "controller-directory-id": {
          type: "string",
          takes: "uuid",
          description: "Its directory.",
          short: "d",
        },
        "dry-run": { description: "Changes nothing." },
      },
      run: () => refused(),
    }),
  },
});

function refused(): Promise<number> {
  return Promise.reject(
    new ToolFailure("Houska is its own and only controller: there is none to add or to remove"),
  );
}

async function describeQuorum(client: KafkaClient): Promise<Quorum> {
  return ask(client, async () => {
    const answer = await client.sendOnce("controller", DescribeQuorumRequest, DescribeQuorumResponse, {
      topics: [{ topicName: METADATA_TOPIC, partitions: [{ partitionIndex: 0 }] }],
    });
    checkError(answer.errorCode, answer.errorMessage);
    const partition = answer.topics[0]?.partitions[0];
    if (partition === undefined) throw new ToolFailure("The broker said nothing about the quorum.");
    checkError(partition.errorCode, partition.errorMessage);
    return { ...partition, nodes: answer.nodes };
  });
}

function statusText(quorum: Quorum, clusterId: string): string {
  const { leaderId, leaderEpoch, highWatermark, currentVoters, observers } = quorum;
  const leader = leaderOf(quorum);
  const behind = currentVoters.reduce(
    (least, one) => (one.logEndOffset < least.logEndOffset ? one : least),
    leader,
  );
  const caughtUp = leader.lastCaughtUpTimestamp >= 0n && behind.lastCaughtUpTimestamp >= 0n;
  const lagTime =
    behind === leader ? 0n : caughtUp ? leader.lastCaughtUpTimestamp - behind.lastCaughtUpTimestamp : -1n;
  const lines: [string, string | number | bigint][] = [
    ["ClusterId:", clusterId],
    ["LeaderId:", leaderId],
    ["LeaderEpoch:", leaderEpoch],
    ["HighWatermark:", highWatermark],
    ["MaxFollowerLag:", leader.logEndOffset - behind.logEndOffset],
    ["MaxFollowerLagTimeMs:", lagTime],
    ["CurrentVoters:", replicasText(quorum, currentVoters)],
    ["CurrentObservers:", replicasText(quorum, observers)],
  ];
  return lines.map(([name, value]) => `${name.padEnd(24)}${value}`).join("\n");
}

function leaderOf({ leaderId, currentVoters }: Quorum): Replica {
  const leader = currentVoters.find(({ replicaId }) => replicaId === leaderId);
  if (leader === undefined) throw new ToolFailure(`The quorum's leader ${leaderId} is none of its voters.`);
  return leader;
}

function replicasText({ nodes }: Quorum, replicas: readonly Replica[]): string {
  const texts = replicas.map(({ replicaId, replicaDirectoryId }) => {
    const directory = replicaDirectoryId === ZERO_UUID ? "" : `, "directoryId": "${replicaDirectoryId}"`;
    const listeners = nodes.find(({ nodeId }) => nodeId === replicaId)?.listeners ?? [];
    const endpoints = listeners.map(({ name, host, port }) => `"${name}://${host}:${port}"`);
    return `{"id": ${replicaId}${directory}${endpoints.length > 0 ? `, "endpoints": [${endpoints.join(", ")}]` : ""}}`;
  });
  return `[${texts.join(", ")}]`;
}

const columns = [
  "NodeId",
  "DirectoryId",
  "LogEndOffset",
  "Lag",
  "LastFetchTimestamp",
  "LastCaughtUpTimestamp",
  "Status",
];

function replicationText(quorum: Quorum, humanReadable: boolean): string {
  const leader = leaderOf(quorum);
  const now = BigInt(Date.now());
  const time = (timestamp: bigint) => {
    if (timestamp < 0n) return "-1";
    return humanReadable ? `${now - timestamp} ms ago` : String(timestamp);
  };
  const row = (one: Replica, status: string) => [
    ...[one.replicaId, one.replicaDirectoryId, String(one.logEndOffset)],
    ...[String(leader.logEndOffset - one.logEndOffset), time(one.lastFetchTimestamp)],
    ...[time(one.lastCaughtUpTimestamp), status],
  ];
  const followers = quorum.currentVoters.filter((one) => one !== leader);
  return tabbedTable(columns, [
    row(leader, "Leader"),
    ...followers.map((one) => row(one, "Follower")),
    ...quorum.observers.map((one) => row(one, "Observer")),
  ]);
}
