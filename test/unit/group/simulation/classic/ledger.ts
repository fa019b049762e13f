/**
 * Remembers what the coordinator has told and written, and finds what contradicts it.
 */
import type { JoinGroupReply, SyncGroupReply } from "../../../../../src/group/classic/member.ts";
import type { ValueOf } from "../../../../../src/group/record.ts";
import { identityOf } from "./identity.ts";

type GroupMetadata = ValueOf<"GroupMetadata">;

/** What the members of a generation have to agree on. */
interface Generation {
  readonly protocol: string | null;
  readonly leader: string;
  /** Undefined as long as nobody but the leader knows. */
  members: string | undefined;
}

interface Written {
  readonly text: string;
  readonly protocol: string | null;
  readonly leader: string;
  readonly assignments: ReadonlyMap<string, string>;
}

export class Ledger {
  /** Grows with every restart of the coordinator: a generation that was not written may come again with other members. */
  incarnation = 0;
  private readonly told = new Map<string, Generation>();
  private readonly written = new Map<number, Written>();
  private lastWritten = 0;
  /** By generation and partition, who was told that it has it. */
  private readonly owners = new Map<string, string>();

  /** A successful reply to a join leaves the coordinator. */
  joined(reply: JoinGroupReply): void {
    const { generationId = -1, protocolName, leader, members } = reply;
    const seen: Generation = {
      protocol: protocolName ?? null,
      leader: identityOf(leader),
      members: members.length === 0 ? undefined : listed(members.map(({ memberId }) => memberId)),
    };
    const key = `${this.incarnation}/${generationId}`;
    const known = this.told.get(key);
    if (known === undefined) {
      this.told.set(key, seen);
      const written = this.written.get(generationId);
      if (written === undefined) return;
      expectSame(`protocol of generation ${generationId}, as written`, written.protocol, seen.protocol);
      expectSame(`leader of generation ${generationId}, as written`, written.leader, seen.leader);
      return;
    }
    expectSame(`protocol of generation ${key}`, known.protocol, seen.protocol);
    expectSame(`leader of generation ${key}`, known.leader, seen.leader);
    known.members ??= seen.members;
    if (seen.members !== undefined) expectSame(`members of generation ${key}`, known.members, seen.members);
  }

  /** A record of the group has been written. */
  wrote(value: GroupMetadata): void {
    const { generation, members } = value;
    if (generation < this.lastWritten) fail(`generation ${generation} is written after ${this.lastWritten}`);
    this.lastWritten = generation;
    const assignments = new Map(members.map((m) => [identityOf(m.memberId), text(m.assignment)]));
    const [protocol, leader] = [value.protocol, identityOf(value.leader ?? "")];
    const content = JSON.stringify([protocol, leader, [...assignments].sort()]);
    const known = this.written.get(generation);
    if (known !== undefined) expectSame(`generation ${generation} in the log`, known.text, content);
    this.written.set(generation, { text: content, protocol, leader, assignments });
    const told = this.told.get(`${this.incarnation}/${generation}`);
    if (told === undefined || members.length === 0) return;
    expectSame(`protocol written of ${generation}`, told.protocol, value.protocol);
    if (told.members !== undefined) {
      expectSame(`members written of ${generation}`, told.members, listed([...assignments.keys()]));
    }
  }

  /** A successful reply to a sync leaves the coordinator. */
  synced(memberId: string, generationId: number, reply: SyncGroupReply): void {
    const identity = identityOf(memberId);
    const assignment = text(reply.assignment);
    const written = this.written.get(generationId)?.assignments.get(identity);
    expectSame(`assignment of ${identity} in generation ${generationId}`, written, assignment);
    for (const partition of partitionsIn(assignment)) {
      const key = `${generationId}/${partition}`;
      const owner = this.owners.get(key) ?? identity;
      expectSame(`owner of partition ${partition} in generation ${generationId}`, owner, identity);
      this.owners.set(key, identity);
    }
  }
}

/** Partitions in the text that stands for an assignment. */
export function partitionsIn(assignment: string): string[] {
  return assignment === "" ? [] : assignment.split(",");
}

function listed(memberIds: string[]): string {
  return memberIds.map(identityOf).sort().join(" ");
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

function expectSame(what: string, known: unknown, seen: unknown): void {
  if (known !== seen) fail(`${what}: ${JSON.stringify(known)} and ${JSON.stringify(seen)}`);
}

function fail(what: string): never {
  throw new Error(what);
}
