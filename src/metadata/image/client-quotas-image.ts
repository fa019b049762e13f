/**
 * Client quotas: for an entity (user, client id, address, or several of them) a value for each kind of quota.
 */
import type { MetadataRecord, RecordMessage } from "../records.ts";

/** Such as `{ entityType: "user", entityName: "alice" }`; the name is null for the default of that type. */
export interface QuotaEntityPart {
  readonly entityType: string;
  readonly entityName: string | null;
}

export interface ClientQuotaImage {
  /** In the order of their types. */
  readonly entity: readonly QuotaEntityPart[];
  /** By the quota's key, such as `producer_byte_rate`. */
  readonly quotas: ReadonlyMap<string, number>;
}

interface Quotas extends ClientQuotaImage {
  readonly quotas: Map<string, number>;
}

export class ClientQuotasImage {
  private readonly entities = new Map<string, Quotas>();

  all(): Iterable<ClientQuotaImage> {
    return this.entities.values();
  }

  put(record: RecordMessage<"ClientQuotaRecord">): void {
    const entity = record.entity
      .map(({ entityType, entityName }) => ({ entityType, entityName }))
      .sort((left, right) => (left.entityType < right.entityType ? -1 : 1));
    const key = JSON.stringify(entity.map(({ entityType, entityName }) => [entityType, entityName]));
    const found = this.entities.get(key) ?? { entity, quotas: new Map<string, number>() };
    if (record.remove) found.quotas.delete(record.key);
    else found.quotas.set(record.key, record.value);
    if (found.quotas.size === 0) this.entities.delete(key);
    else this.entities.set(key, found);
  }

  *records(): Generator<MetadataRecord> {
    for (const { entity, quotas } of this.entities.values()) {
      for (const [key, value] of quotas) {
        const message = { entity: entity.map((part) => ({ ...part })), key, value, remove: false };
        yield { name: "ClientQuotaRecord", version: 0, message };
      }
    }
  }
}
