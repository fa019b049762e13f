/**
 * What was promised while the broker was being killed, and whether it was kept. A record's value says which partition
 * it is for and which place it has there, so whatever is read can be checked by itself.
 */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** A promise that was broken. */
export class Broken extends Error {
  override readonly name = "Broken";
}

export class Ledger {
  /** Records of each partition below this have been acknowledged. */
  private readonly acknowledged = new Map<string, number>();
  /** The highest committed offset that was acknowledged, and the highest that was sent. */
  private readonly committed = new Map<string, number>();
  private readonly commitsSent = new Map<string, number>();
  readonly counts = {
    rounds: 0,
    killedAtStart: 0,
    acknowledgedRecords: 0,
    acknowledgedBatches: 0,
    repeatedBatches: 0,
    consumed: 0,
    commits: 0,
    rebalances: 0,
    checks: 0,
  };

  constructor(readonly places: readonly Place[]) {}

  acknowledgedTo(place: Place): number {
    return this.acknowledged.get(nameOf(place)) ?? 0;
  }

  acknowledge(place: Place, end: number): void {
    this.counts.acknowledgedBatches++;
    this.counts.acknowledgedRecords += end - this.acknowledgedTo(place);
    this.acknowledged.set(nameOf(place), end);
  }

  sendCommit(place: Place, offset: number): void {
    this.commitsSent.set(nameOf(place), Math.max(offset, this.commitsSent.get(nameOf(place)) ?? 0));
  }

  acknowledgeCommit(place: Place, offset: number): void {
    this.counts.commits++;
    this.committed.set(nameOf(place), Math.max(offset, this.committed.get(nameOf(place)) ?? 0));
  }

  /** A group was told that this is its committed offset; −1 for none. */
  checkCommitted(place: Place, offset: number): void {
    const promised = this.committed.get(nameOf(place)) ?? -1;
    const sent = this.commitsSent.get(nameOf(place)) ?? -1;
    if (offset < promised) {
      throw new Broken(`the committed offset of ${nameOf(place)} went back from ${promised} to ${offset}`);
    }
    if (offset > sent)
      throw new Broken(`${nameOf(place)} has ${offset} committed, and nobody committed beyond ${sent}`);
  }

  /** A record was read at an offset. It must be the one that was sent as that one. */
  checkRecord(place: Place, offset: number, value: Uint8Array | null): void {
    const text = Buffer.from(value ?? []).toString("latin1", 0, 200);
    if (!text.startsWith(`${valueHead(place, offset)} `)) {
      throw new Broken(`${nameOf(place)} has '${text.slice(0, 60)}' at offset ${offset}`);
    }
  }

  /** A partition ends here. */
  checkEnd(place: Place, end: number): void {
    const promised = this.acknowledgedTo(place);
    if (end < promised)
      throw new Broken(`${nameOf(place)} ends at ${end}, and ${promised} were acknowledged`);
  }
}

export function nameOf({ topic, partition }: Place): string {
  return `${topic}-${partition}`;
}

/** What the value of the record at an offset begins with. */
export function valueHead(place: Place, offset: number): string {
  return `${nameOf(place)} ${offset}`;
}
