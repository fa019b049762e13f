/**
 * The configs that resources have of their own.
 */
import type { MetadataRecord, RecordMessage } from "../records.ts";
import type { ChangeSink, ConfigResourceKey } from "./change.ts";

/** Kinds of resources that have configs, by Kafka's numbers. */
const TOPIC = 2;

const none: ReadonlyMap<string, string> = new Map();

export class ConfigsImage {
  /** By kind, then by name; no resource without a config. */
  private readonly byType = new Map<number, Map<string, Map<string, string>>>();

  /** What a resource has of its own; its name is "" for the cluster's default. The map lives on with the resource. */
  of(type: number, name: string): ReadonlyMap<string, string> {
    return this.byType.get(type)?.get(name) ?? none;
  }

  *resources(): Generator<ConfigResourceKey> {
    for (const [type, byName] of this.byType) {
      for (const name of byName.keys()) yield { type, name };
    }
  }

  put(record: RecordMessage<"ConfigRecord">, change: ChangeSink): void {
    const { resourceType, resourceName, name, value } = record;
    if (value === null) this.remove(resourceType, resourceName, name);
    else this.configsOf(resourceType, resourceName).set(name, value);
    change.configChanged(resourceType, resourceName);
  }

  /** A deleted topic leaves no configs. */
  removeTopic(name: string): void {
    this.byType.get(TOPIC)?.delete(name);
  }

  *records(): Generator<MetadataRecord> {
    for (const { type, name } of this.resources()) {
      for (const [key, value] of this.of(type, name)) {
        const message = { resourceType: type, resourceName: name, name: key, value };
        yield { name: "ConfigRecord", version: 0, message };
      }
    }
  }

  private configsOf(type: number, name: string): Map<string, string> {
    const byName = this.byType.get(type) ?? new Map<string, Map<string, string>>();
    this.byType.set(type, byName);
    const configs = byName.get(name) ?? new Map<string, string>();
    byName.set(name, configs);
    return configs;
  }

  private remove(type: number, name: string, key: string): void {
    const byName = this.byType.get(type);
    const configs = byName?.get(name);
    configs?.delete(key);
    if (configs?.size === 0) byName?.delete(name);
  }
}
