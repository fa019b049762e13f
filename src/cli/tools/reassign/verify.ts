/**
 * Whether partitions lie where they were to be put.
 */
import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../../protocol/messages/incremental-alter-configs.ts";
import type { Output } from "../../output.ts";
import { ResourceType } from "../admin/configs.ts";
import { logDirectories, movingPartitions } from "./cluster.ts";
import { ANY_DIRECTORY, byName, nameOf, type Placement } from "./plan.ts";

const DELETE = 1;

const brokerThrottles = [
  "leader.replication.throttled.rate",
  "follower.replication.throttled.rate",
  "replica.alter.log.dirs.io.max.bytes.per.second",
];
const topicThrottles = ["leader.replication.throttled.replicas", "follower.replication.throttled.replicas"];

/** Prints the state of each partition; takes the limits of moves away when all have come to an end. */
export async function verify(
  client: KafkaClient,
  plan: readonly Placement[],
  preserveThrottles: boolean,
  output: Output,
): Promise<void> {
  const moving = new Map((await movingPartitions(client)).map((one) => [nameOf(one), one]));
  const { topics } = await client.metadata([...new Set(plan.map(({ topic }) => topic))]);
  const replicas = new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map(
        (one) => [nameOf({ topic: name ?? "", partition: one.partitionIndex }), one.replicaNodes] as const,
      ),
    ),
  );
  const states = plan
    .toSorted(byName)
    .map((one) => stateText(one, replicas.get(nameOf(one)) ?? [], moving.has(nameOf(one))));
  output.line(["Status of partition reassignment:", ...states].join("\n"));
  output.line(await directoriesText(client, plan));
  const isOver = plan.every((one) => !moving.has(nameOf(one)));
  if (isOver && !preserveThrottles) await clearThrottles(client, plan, output);
}

function stateText(one: Placement, current: readonly number[], isMoving: boolean): string {
  if (isMoving) return `Reassignment of partition ${nameOf(one)} is still in progress.`;
  if (current.join() === one.replicas.join()) return `Reassignment of partition ${nameOf(one)} is completed.`;
  return (
    `There is no active reassignment of partition ${nameOf(one)}, but replica set is ${current.join(",")} rather than ` +
    `${one.replicas.join(",")}.`
  );
}

/** Of replicas that were to lie in a certain log directory. */
async function directoriesText(client: KafkaClient, plan: readonly Placement[]): Promise<string> {
  const wanted = plan
    .toSorted(byName)
    .flatMap((one) =>
      one.replicas.map((id, index) => ({
        name: nameOf(one),
        id,
        directory: one.logDirs[index] ?? ANY_DIRECTORY,
      })),
    )
    .filter(({ directory }) => directory !== ANY_DIRECTORY);
  if (wanted.length === 0) return "";
  const directoryOf = await logDirectories(client, await client.nodes());
  return wanted
    .map(({ name, id, directory }) => {
      const found = directoryOf(name, id);
      if (found === directory) return `Reassignment of replica ${name}-${id} completed successfully.`;
      if (found === ANY_DIRECTORY)
        return `Replica ${name}-${id} cannot be found in any live log directory on broker ${id}.`;
      return `Partition ${name} on broker ${id} is not being moved from log dir ${found} to ${directory}.`;
    })
    .join("\n");
}

/**
 * Takes away what limits the copying between brokers.
 *
 * @param before stands before the first line
 */
export async function clearThrottles(
  client: KafkaClient,
  plan: readonly Placement[],
  output: Output,
  before = "",
): Promise<void> {
  const there = await client.nodes();
  const all = [...there, ...plan.flatMap(({ replicas }) => replicas)];
  const brokers = [...new Set(all)].sort((a, b) => a - b);
  const plural = (values: readonly unknown[]) => (values.length === 1 ? "" : "s");
  output.line(`${before}Clearing broker-level throttles on broker${plural(brokers)} ${brokers.join(",")}`);
  for (const node of there) await clear(client, ResourceType.broker, String(node), brokerThrottles, node);
  const topics = [...new Set(plan.map(({ topic }) => topic))];
  output.line(`Clearing topic-level throttles on topic${plural(topics)} ${topics.join(",")}`);
  for (const topic of topics) await clear(client, ResourceType.topic, topic, topicThrottles);
}

async function clear(
  client: KafkaClient,
  resourceType: number,
  resourceName: string,
  keys: readonly string[],
  node?: number,
): Promise<void> {
  const configs = keys.map((name) => ({ name, configOperation: DELETE, value: null }));
  const { responses } = await client.send(
    node === undefined ? "controller" : { node },
    IncrementalAlterConfigsRequest,
    IncrementalAlterConfigsResponse,
    { resources: [{ resourceType, resourceName, configs }], validateOnly: false },
  );
  for (const { errorCode, errorMessage } of responses) checkError(errorCode, errorMessage);
}
