/**
 * The controller beside Apache Kafka's: the same requests lead to the same replies and to the same records in the log,
 * with eligible leader replicas on (metadata.version 33) and without (17).
 */
import { describe, expect, test } from "bun:test";
import { ClusterImage } from "../../../src/metadata/image/cluster-image.ts";
import { recordsIn } from "../../../src/metadata/log/read-batch.ts";
import { readLog } from "../../../src/metadata/log/read-log.ts";
import { scanBatches } from "../../../src/metadata/log/scan-batches.ts";
import { parseMetaProperties } from "../../../src/metadata/meta-properties.ts";
import type { Metadata } from "../../../src/metadata/metadata.ts";
import type { MetadataRecord } from "../../../src/metadata/records.ts";
import type { KafkaError } from "../../../src/protocol/errors.ts";
import { type Uuid, ZERO_UUID } from "../../../src/protocol/uuid.ts";
import { diskWithLog, FOLDER, fixture, LOG, open } from "./support.ts";

interface Reply {
  readonly name?: string | null;
  readonly resourceType?: number;
  readonly resourceName?: string;
  readonly errorCode: number;
  readonly errorMessage?: string | null;
  readonly numPartitions?: number;
  readonly replicationFactor?: number;
}
type Topic = { name: string; topicId?: string };
type Resource = { resourceType: number; resourceName: string; configs: never[] };
interface Step {
  readonly api: string;
  readonly request: {
    topics?: (Topic & { configs: never[]; assignments: never[] })[];
    topicNames?: string[];
    resources?: Resource[];
    validateOnly?: boolean;
  };
  readonly reply: Reply[] | { errorCode: number };
  readonly replyWithoutElr?: Reply[];
}

const steps: Step[] = JSON.parse(fixture("controller-requests.json").toString());

describe.each([33, 17])("at metadata.version %d", (version) => {
  const folder = `controller-${version}`;
  const kafkas = fixture(folder, "__cluster_metadata-0", "00000000000000000000.log");
  const identity = parseMetaProperties(fixture(folder, "meta.properties").toString(), folder);

  test("requests are answered, and change the log, as by Kafka", async () => {
    const asked = recordsOf(kafkas, "TopicRecord");
    const disk = diskWithLog(kafkas.subarray(0, asked.position));
    const directoryIds = identity.directoryId ? [identity.directoryId] : [];
    const metadata = await open(disk, { directoryIds });
    const kafkasIds = new Ids();
    const ourIds = new Ids();
    const expected = asked.records.values();
    let size = disk.sizeOf(LOG);
    for (const [index, step] of steps.entries()) {
      const what = `${index}: ${step.api} ${JSON.stringify(step.request).slice(0, 150)}`;

      const reply = ask(metadata, step, ourIds);

      const wanted = version === 33 ? step.reply : (step.replyWithoutElr ?? step.reply);
      expect([what, ...inOrder(step, reply)]).toEqual([what, ...inOrder(step, wanted)]);
      const ours = recordsOf(disk.readFile(LOG).subarray(size)).records;
      size = disk.sizeOf(LOG);
      const theirs = ours.map(() => expected.next().value);
      expect([what, ...named(ours, ourIds)]).toEqual([what, ...named(theirs, kafkasIds)]);
    }
    // What follows in Kafka's log is its broker's controlled shutdown.
    expect(expected.next().value).toMatchObject({ name: "BrokerRegistrationChangeRecord" });
  });

  test("the log that Kafka has left leads to the image that ours leads to", async () => {
    const image = new ClusterImage("c");
    const disk = diskWithLog(kafkas);
    await readLog({ disk, folder: FOLDER, readFile: async (path) => disk.readFile(path), image });

    expect(image.topicNames().filter((name) => name.length < 100)).toEqual([
      "c4",
      "col_x",
      "dupcfg-a",
      "emptyval",
      "in.a",
      "in_a",
      "manual-reversed",
      "nodup",
      "spaces",
      "t1",
    ]);
    expect([...image.configs(2, "c4")].sort()).toEqual([
      ["cleanup.policy", "delete,compact"],
      ["min.insync.replicas", "1"],
    ]);
    expect([...image.configs(2, "t1")]).toEqual([]);
  });
});

/** The records from the first one with this name on, without those that say nothing, and where its batch begins. */
function recordsOf(log: Buffer, from?: string): { position: number; records: MetadataRecord[] } {
  const records: MetadataRecord[] = [];
  let position = from === undefined ? 0 : -1;
  const first = log.length === 0 ? 0 : Number(log.readBigInt64BE(0));
  for (const batch of scanBatches(LOG, log, [first])) {
    if (batch.control) continue;
    const inBatch = recordsIn(LOG, batch).map(({ record }) => record);
    if (position < 0 && inBatch.some(({ name }) => name === from)) position = batch.at;
    if (position >= 0) records.push(...inBatch.filter(({ name }) => name !== "NoOpRecord"));
  }
  return { position, records };
}

/** Topic ids are random: each is known by its name and how often that has been used. */
class Ids {
  private readonly names = new Map<string, string>();
  private readonly latest = new Map<string, Uuid>();
  private readonly uses = new Map<string, number>();

  learn(name: string, id: Uuid): void {
    const use = (this.uses.get(name) ?? 0) + 1;
    this.uses.set(name, use);
    this.names.set(id, `${name}#${use}`);
    this.latest.set(name, id);
  }

  nameOf(id: string): string {
    return this.names.get(id) ?? id;
  }

  idOf(text: string | undefined): Uuid {
    if (text === undefined) return ZERO_UUID;
    return text.startsWith("@") ? (this.latest.get(text.slice(1)) ?? ZERO_UUID) : (text as Uuid);
  }
}

/** Records as text, sorted: within one request their order is that of Java's hash tables. */
function named(records: readonly (MetadataRecord | undefined)[], ids: Ids): string[] {
  for (const record of records) {
    if (record?.name === "TopicRecord") ids.learn(record.message.name, record.message.topicId);
  }
  return records
    .map((record) =>
      JSON.stringify(record, (key, value) => {
        if (key === "topicId") return ids.nameOf(value);
        // The first broker of Kafka's was registered at another offset than the second.
        return typeof value === "bigint" ? String(value) : value;
      }),
    )
    .sort();
}

function inOrder(step: Step, reply: Step["reply"]): unknown[] {
  if (!Array.isArray(reply)) return [reply];
  if (step.api === "CreateTopics") return reply;
  return reply.map((result) => JSON.stringify(result)).sort();
}

function ask({ controller }: Metadata, { api, request }: Step, ids: Ids): Step["reply"] {
  const { topics = [], topicNames = [], resources = [], validateOnly = false } = request;
  const keyed = resources.map(({ resourceType, resourceName, configs }) => ({
    type: resourceType,
    name: resourceName,
    configs,
    operations: configs.map(({ name, configOperation, value }) => ({
      name,
      operation: configOperation,
      value,
    })),
  }));
  switch (api) {
    case "CreateTopics":
      return controller.createTopics(topics as never[], { validateOnly }).map((result) => ({
        name: result.name,
        ...told(result.error),
        numPartitions: result.error === undefined ? result.numPartitions : -1,
        replicationFactor: result.error === undefined ? result.replicationFactor : -1,
      }));
    case "CreatePartitions":
      return controller
        .createPartitions(topics as never[], { validateOnly })
        .map(({ name, error }) => ({ name, ...told(error) }));
    case "DeleteTopics":
      return controller
        .deleteTopics([
          ...topics.map(({ name, topicId }) => ({ name, topicId: ids.idOf(topicId) })),
          ...topicNames.map((name) => ({ name, topicId: ZERO_UUID })),
        ])
        .map(({ name, error }) => ({ name, ...told(error) }));
    case "AlterConfigs":
    case "IncrementalAlterConfigs": {
      const alter = api === "AlterConfigs" ? "alterConfigs" : "incrementalAlterConfigs";
      return controller[alter](keyed, { validateOnly }).map(({ type, name, error }) => ({
        resourceType: type,
        resourceName: name,
        ...told(error),
      }));
    }
    default:
      controller.allocateProducerIds();
      return { errorCode: 0 };
  }
}

function told(error: KafkaError | undefined): { errorCode: number; errorMessage: string | null } {
  return { errorCode: error?.code ?? 0, errorMessage: error?.message || null };
}
