/**
 * A member of a classic group.
 */

import type { JoinGroupResponse } from "../../protocol/messages/join-group.ts";
import type { SyncGroupResponse } from "../../protocol/messages/sync-group.ts";
import type { Encodable } from "../../protocol/schema.ts";
import { copyOf, NO_BYTES } from "./bytes.ts";
import type { PendingReply } from "./pending-reply.ts";

export type JoinGroupReply = Encodable<typeof JoinGroupResponse>;
export type SyncGroupReply = Encodable<typeof SyncGroupResponse>;

/** A way of assigning partitions that a member offers, and what it says of itself for it (its subscription). */
export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

/** What a member is, apart from who it is: all of it may change when it joins again. */
export interface MemberTerms {
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  /** In the member's order of preference; at least one. */
  protocols: readonly MemberProtocol[];
}

export interface MemberIdentity {
  readonly memberId: string;
  /** Of a static member (KIP-345): it keeps its place over restarts. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  /** As Kafka tells it: a slash and the address. */
  readonly clientHost: string;
}

export class ClassicMember implements MemberIdentity, MemberTerms {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  protocols: readonly MemberProtocol[];
  assignment: Buffer = NO_BYTES;
  /** Joined for the first time, and has had no answer yet: it can't send heartbeats, so its join has a time limit. */
  isNew = false;
  /** Its JoinGroup that waits for the others. Set through GroupMembers, which counts them. */
  awaitedJoin: PendingReply<JoinGroupReply> | undefined;
  /** Its SyncGroup that waits for the leader's. */
  awaitedSync: PendingReply<SyncGroupReply> | undefined;

  constructor(identity: MemberIdentity, terms: MemberTerms) {
    this.memberId = identity.memberId;
    this.groupInstanceId = identity.groupInstanceId;
    this.clientId = identity.clientId;
    this.clientHost = identity.clientHost;
    this.rebalanceTimeoutMs = terms.rebalanceTimeoutMs;
    this.sessionTimeoutMs = terms.sessionTimeoutMs;
    this.protocols = terms.protocols;
  }

  get isStatic(): boolean {
    return this.groupInstanceId !== null;
  }

  get isAwaitingJoin(): boolean {
    return this.awaitedJoin !== undefined;
  }

  /** Whether a session that runs out now is none of its fault: it waits for an answer of ours. */
  get hasSatisfiedHeartbeat(): boolean {
    return !this.isNew && (this.awaitedJoin !== undefined || this.awaitedSync !== undefined);
  }

  /** Answers its waiting SyncGroup; says whether there was one. */
  answerSync(reply: SyncGroupReply): boolean {
    if (this.awaitedSync === undefined) return false;
    this.awaitedSync.answer(reply);
    this.awaitedSync = undefined;
    return true;
  }

  /** What it says of itself for a protocol, if it offers that one. */
  metadataFor(protocolName: string | null): Buffer | undefined {
    return this.protocols.find(({ name }) => name === protocolName)?.metadata;
  }

  /** Whether these are its protocols: the same ones in the same order with the same metadata. */
  offersExactly(protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[]): boolean {
    return (
      protocols.length === this.protocols.length &&
      this.protocols.every(({ name, metadata }, i) => {
        const other = protocols[i];
        return other !== undefined && other.name === name && metadata.equals(other.metadata);
      })
    );
  }
}

/**
 * Protocols as a request names them, copied to be kept. Of several with one name the first counts, as in Kafka.
 */
export function memberProtocols(
  protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[],
): MemberProtocol[] {
  const byName = new Map<string, MemberProtocol>();
  for (const { name, metadata } of protocols) {
    if (!byName.has(name)) byName.set(name, { name, metadata: copyOf(metadata) });
  }
  return [...byName.values()];
}
