/**
 * The levels that the cluster's features have been given (KIP-584).
 */
import { KRAFT_VERSION, METADATA_VERSION } from "../feature-levels.ts";
import type { MetadataRecord, RecordMessage } from "../records.ts";
import type { ChangeSink } from "./change.ts";

export class FeaturesImage {
  private readonly finalized = new Map<string, number>();

  /** The features that are on. kraft.version is among them, though the log says it in a record of its own kind. */
  get levels(): ReadonlyMap<string, number> {
    return this.finalized;
  }

  /** Level 0 turns a feature off. */
  put({ name, featureLevel }: RecordMessage<"FeatureLevelRecord">, change: ChangeSink): void {
    this.set(name, featureLevel);
    change.featureChanged();
  }

  set(name: string, level: number): void {
    if (level === 0) this.finalized.delete(name);
    else this.finalized.set(name, level);
  }

  /** metadata.version comes first: it may say how what follows is to be read. */
  *records(): Generator<MetadataRecord> {
    const names = [...this.finalized.keys()].filter((name) => name !== METADATA_VERSION).sort();
    for (const name of [METADATA_VERSION, ...names]) {
      const featureLevel = this.finalized.get(name);
      if (featureLevel === undefined || name === KRAFT_VERSION) continue;
      yield { name: "FeatureLevelRecord", version: 0, message: { name, featureLevel } };
    }
  }
}
