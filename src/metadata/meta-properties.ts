/**
 * `meta.properties`: to which cluster and node a log directory belongs, and the directory's own id (KIP-858).
 * Version 0 is of Kafka with ZooKeeper and calls the node `broker.id`; version 1 is KRaft's.
 */
import { type Property, parseProperties } from "../config/properties.ts";
import { parseUuid, type Uuid } from "../protocol/uuid.ts";
import { MetadataError, messageOf } from "./metadata-error.ts";

export const META_PROPERTIES = "meta.properties";

export interface MetaProperties {
  readonly version: 0 | 1;
  readonly clusterId: string | undefined;
  readonly nodeId: number | undefined;
  readonly directoryId: Uuid | undefined;
}

/** What a directory has once it is ready for use. */
export interface DirectoryIdentity {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: Uuid;
}

/**
 * Reads the text of the file at `path`.
 *
 * @throws MetadataError that says which line is wrong
 */
export function parseMetaProperties(text: string, path: string): MetaProperties {
  const entries = new Map(entriesOf(text, path).map((entry) => [entry.key, entry]));
  const version = entries.get("version")?.value.trim() ?? "0";
  if (version !== "0" && version !== "1") {
    throw new MetadataError(path, `version is ${version}, and only 0 and 1 are known`);
  }
  const properties: MetaProperties = {
    version: version === "1" ? 1 : 0,
    clusterId: entries.get("cluster.id")?.value.trim() || undefined,
    nodeId: nodeIdOf(entries.get(version === "1" ? "node.id" : "broker.id"), path),
    directoryId: directoryIdOf(entries.get("directory.id"), path),
  };
  if (version === "0") return properties;
  for (const [key, value] of [
    ["cluster.id", properties.clusterId],
    ["node.id", properties.nodeId],
  ]) {
    if (value === undefined) throw new MetadataError(path, `${key} is missing`);
  }
  return properties;
}

function entriesOf(text: string, path: string): Property[] {
  try {
    return parseProperties(text);
  } catch (error) {
    throw new MetadataError(path, messageOf(error));
  }
}

function nodeIdOf(entry: Property | undefined, path: string): number | undefined {
  if (entry === undefined) return undefined;
  const text = entry.value.trim();
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0x7fffffff) {
    throw new MetadataError(path, `line ${entry.line}: ${entry.key} is '${text}', which is no node id`);
  }
  return Number(text);
}

function directoryIdOf(entry: Property | undefined, path: string): Uuid | undefined {
  if (entry === undefined) return undefined;
  const id = parseUuid(entry.value);
  if (id === undefined) {
    throw new MetadataError(
      path,
      `line ${entry.line}: directory.id is '${entry.value}', which is no uuid in base64`,
    );
  }
  return id;
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The text of the file in version 1, with the date that java.util.Properties puts at its head. */
export function formatMetaProperties(identity: DirectoryIdentity, nowMs: number): string {
  const now = new Date(nowMs);
  const time = now.toISOString().slice(11, 19);
  const day = String(now.getUTCDate()).padStart(2, "0");
  const date = `${days[now.getUTCDay()]} ${months[now.getUTCMonth()]} ${day} ${time} UTC ${now.getUTCFullYear()}`;
  return [
    "#",
    `#${date}`,
    `cluster.id=${escaped(identity.clusterId)}`,
    `directory.id=${identity.directoryId}`,
    `node.id=${identity.nodeId}`,
    "version=1",
    "",
  ].join("\n");
}

/** A cluster id is usually a uuid, but any text may be one. */
function escaped(value: string): string {
  return value.replace(/[\\=:#! ]/g, "\\$&");
}
