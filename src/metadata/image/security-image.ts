/**
 * What the metadata log says about who may do what: access rules, SCRAM credentials and delegation tokens.
 */
import type { Uuid } from "../../protocol/uuid.ts";
import type { MetadataRecord, RecordMessage } from "../records.ts";
import { ReplayError } from "./replay-error.ts";

export type AclImage = Readonly<RecordMessage<"AccessControlEntryRecord">>;
export type ScramCredentialImage = Readonly<RecordMessage<"UserScramCredentialRecord">>;
export type DelegationTokenImage = Readonly<RecordMessage<"DelegationTokenRecord">>;

export class SecurityImage {
  /** By id. */
  readonly acls = new Map<Uuid, AclImage>();
  /** By user, then by mechanism (1 SCRAM-SHA-256, 2 SCRAM-SHA-512). */
  readonly scramCredentials = new Map<string, Map<number, ScramCredentialImage>>();
  /** By token id. */
  readonly delegationTokens = new Map<string, DelegationTokenImage>();

  putAcl(record: RecordMessage<"AccessControlEntryRecord">): void {
    this.acls.set(record.id, record);
  }

  removeAcl({ id }: RecordMessage<"RemoveAccessControlEntryRecord">): void {
    if (!this.acls.delete(id)) throw new ReplayError(`the access rule ${id} is removed, and there is none`);
  }

  putScram(record: RecordMessage<"UserScramCredentialRecord">): void {
    const mechanisms = this.scramCredentials.get(record.name) ?? new Map<number, ScramCredentialImage>();
    this.scramCredentials.set(record.name, mechanisms);
    // Copies: what was read is a view of the whole file.
    mechanisms.set(record.mechanism, {
      ...record,
      salt: Buffer.from(record.salt),
      storedKey: Buffer.from(record.storedKey),
      serverKey: Buffer.from(record.serverKey),
    });
  }

  removeScram({ name, mechanism }: RecordMessage<"RemoveUserScramCredentialRecord">): void {
    const mechanisms = this.scramCredentials.get(name);
    if (!mechanisms?.delete(mechanism)) {
      throw new ReplayError(`SCRAM mechanism ${mechanism} of user ${name} is removed, and there is none`);
    }
    if (mechanisms.size === 0) this.scramCredentials.delete(name);
  }

  putToken(record: RecordMessage<"DelegationTokenRecord">): void {
    this.delegationTokens.set(record.tokenId, record);
  }

  removeToken({ tokenId }: RecordMessage<"RemoveDelegationTokenRecord">): void {
    this.delegationTokens.delete(tokenId);
  }

  *aclRecords(): Generator<MetadataRecord> {
    for (const message of this.acls.values()) yield { name: "AccessControlEntryRecord", version: 0, message };
  }

  *scramRecords(): Generator<MetadataRecord> {
    for (const mechanisms of this.scramCredentials.values()) {
      for (const message of mechanisms.values()) {
        yield { name: "UserScramCredentialRecord", version: 0, message };
      }
    }
  }

  *tokenRecords(): Generator<MetadataRecord> {
    for (const message of this.delegationTokens.values()) {
      yield { name: "DelegationTokenRecord", version: 0, message };
    }
  }
}
