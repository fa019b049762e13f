/**
 * kafka-reassign-partitions: shows and changes on which brokers partitions lie.
 */
import type { KafkaClient } from "../../../client/client.ts";
import type { Output } from "../../output.ts";
import { failureTextOfJava, ToolFailure } from "../../tool/failure.ts";
import { tool } from "../../tool/tool.ts";
import { describeFromMetadata } from "../admin/topics.ts";
import { alterReassignments, logDirectories, movingPartitions } from "./cluster.ts";
import { chosenAction, type ReassignGiven, reassignOptions } from "./options.ts";
import { ANY_DIRECTORY, byName, nameOf, type Placement, planText, readPlan, readTopics } from "./plan.ts";
import { clearThrottles, verify } from "./verify.ts";

export const reassignPartitions = tool({
  description: "Shows and changes on which brokers partitions lie.",
  options: reassignOptions,
  async run(given, { connect, output }) {
    const action = chosenAction(given);
    const client = connect(given);
    const plan =
      given["reassignment-json-file"] === undefined ? [] : readPlan(given["reassignment-json-file"]);
    if (action === "list") output.line(await movingText(client));
    else if (action === "generate") await generate(client, given, output);
    else if (action === "execute") await execute(client, plan, given, output);
    else if (action === "verify") await verify(client, plan, given["preserve-throttles"], output);
    else await cancel(client, plan, given["preserve-throttles"], output);
    return 0;
  },
  fail(error, output) {
    const text = failureTextOfJava(error);
    if (text !== null) output.line(`Error: ${text}`);
    return text !== null;
  },
});

async function movingText(client: KafkaClient): Promise<string> {
  const moving = (await movingPartitions(client)).sort(byName);
  if (moving.length === 0) return "No partition reassignments found.";
  const list = (what: string, ids: readonly number[]) =>
    ids.length === 0 ? "" : ` ${what}: ${ids.join(",")}.`;
  const lines = moving.map(
    (one) =>
      `${nameOf(one)}: replicas: ${one.replicas.join(",")}.${list("adding", one.adding)}${list("removing", one.removing)}`,
  );
  return ["Current partition reassignments:", ...lines].join("\n");
}

/** Where partitions lie. Rejects with a KafkaError for a topic that there isn't. */
async function placements(client: KafkaClient, topics: readonly string[]): Promise<Placement[]> {
  const described = await describeFromMetadata(client, topics);
  const brokers = await client.nodes();
  const directory = await logDirectories(client, brokers);
  return described.flatMap(({ name, partitions }) =>
    partitions.map(({ partition, replicas }) => ({
      ...{ topic: name, partition, replicas },
      logDirs: replicas.map((id) => directory(nameOf({ topic: name, partition }), id)),
    })),
  );
}

/** Proposes the replicas of each partition: as many as it has, from one broker after the other. */
async function generate(client: KafkaClient, given: ReassignGiven, output: Output): Promise<void> {
  const wanted = (given["broker-list"] ?? []).map(Number);
  const twice = wanted.filter((id, index) => wanted.indexOf(id) !== index);
  if (twice.length > 0)
    throw new ToolFailure(`Broker list contains duplicate entries: [${twice.join(", ")}]`);
  const now = await placements(client, readTopics(given["topics-to-move-json-file"] ?? ""));
  const brokers = (await client.nodes()).filter((id) => wanted.includes(id));
  const proposed = now.map(({ topic, partition, replicas }) => {
    if (replicas.length > brokers.length) {
      throw new ToolFailure(
        `Replication factor: ${replicas.length} larger than available brokers: ${brokers.length}`,
      );
    }
    const chosen = replicas.map((_, index) => brokers[(partition + index) % brokers.length] ?? 0);
    return { topic, partition, replicas: chosen, logDirs: chosen.map(() => ANY_DIRECTORY) };
  });
  output.line(`Current partition replica assignment\n${planText(now)}\n`);
  output.line(`Proposed partition reassignment configuration\n${planText(proposed)}`);
}

async function execute(
  client: KafkaClient,
  plan: readonly Placement[],
  given: ReassignGiven,
  output: Output,
): Promise<void> {
  refuseThrottles(given);
  const moving = await movingPartitions(client);
  if (moving.length > 0 && !given.additional) {
    throw new ToolFailure(
      "Cannot execute because there is an existing partition assignment.  Use --additional to override this and " +
        "create a new partition assignment in addition to the existing one. The --additional option can also be used " +
        "to change the throttle by resubmitting the current reassignment.",
    );
  }
  const brokers = await client.nodes();
  const unknown = plan.flatMap(({ replicas }) => replicas).find((id) => !brokers.includes(id));
  if (unknown !== undefined) throw new ToolFailure(`Unknown broker id ${unknown}`);
  const all = await placements(client, [...new Set(plan.map(({ topic }) => topic))]);
  const names = new Set(plan.map(nameOf));
  const now = all.filter((one) => names.has(nameOf(one)));
  refuseMoves(plan, now);
  output.line(
    `Current partition replica assignment\n\n${planText(now)}\n\nSave this to use as the --reassignment-json-file ` +
      "option during rollback",
  );
  const allowed = !given["disallow-replication-factor-change"];
  report(await alterReassignments(client, plan, allowed), "Error reassigning partition(s):");
  output.line(
    `Successfully started partition reassignment${plan.length === 1 ? "" : "s"} for ` +
      plan.toSorted(byName).map(nameOf).join(","),
  );
}

function refuseThrottles(given: ReassignGiven): void {
  const throttle = (["throttle", "replica-alter-log-dirs-throttle"] as const).find(
    (name) => (given[name] ?? -1) >= 0,
  );
  if (throttle === undefined) return;
  throw new ToolFailure(
    `--${throttle} can't be done: with one broker nothing is copied from one to the other`,
  );
}

/** Partitions stay in their log directories. */
function refuseMoves(plan: readonly Placement[], now: readonly Placement[]): void {
  const before = new Map(now.map((one) => [nameOf(one), one]));
  for (const one of plan) {
    for (const [index, id] of one.replicas.entries()) {
      const wanted = one.logDirs[index] ?? ANY_DIRECTORY;
      const found = before.get(nameOf(one));
      const directory = found?.logDirs[found.replicas.indexOf(id)];
      if (wanted === ANY_DIRECTORY || wanted === directory) continue;
      throw new ToolFailure(
        `Failed to alter dir for ${nameOf(one)}-${id}: partitions can't be moved to other log directories`,
      );
    }
  }
}

function report(errors: ReadonlyMap<string, Error>, head: string): void {
  if (errors.size === 0) return;
  const lines = [...errors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, error]) => `${name}: ${error.message}`);
  throw new ToolFailure([head, ...lines].join("\n"));
}

async function cancel(
  client: KafkaClient,
  plan: readonly Placement[],
  preserveThrottles: boolean,
  output: Output,
): Promise<void> {
  const names = new Set(plan.map(nameOf));
  const moving = (await movingPartitions(client)).filter((one) => names.has(nameOf(one))).sort(byName);
  if (moving.length === 0) output.line("None of the specified partition reassignments are active.");
  else {
    const targets = moving.map(({ topic, partition }) => ({ topic, partition, replicas: null }));
    const plural = moving.length === 1 ? "" : "s";
    report(
      await alterReassignments(client, targets, true),
      `Error cancelling partition reassignment${plural} for:`,
    );
    output.line(
      `Successfully cancelled partition reassignment${plural} for: ${moving.map(nameOf).join(",")}`,
    );
  }
  // Kafka's tool doesn't end this line.
  const moves = "None of the specified partition moves are active.";
  if (preserveThrottles) output.line(moves);
  else await clearThrottles(client, plan, output, moves);
}
