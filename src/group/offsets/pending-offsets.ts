/**
 * Offsets that were committed within transactions that haven't ended yet: nobody is given them, and for clients that
 * want stable offsets only (KIP-447) they stand in the way of those committed before.
 */
import type { CommittedOffset } from "./committed-offset.ts";
import { OffsetStore } from "./offset-store.ts";

export class PendingOffsets {
  private readonly producers = new Map<bigint, OffsetStore>();

  set(producerId: bigint, groupId: string, topic: string, partition: number, offset: CommittedOffset): void {
    let store = this.producers.get(producerId);
    if (store === undefined) {
      store = new OffsetStore();
      this.producers.set(producerId, store);
    }
    store.set(groupId, topic, partition, offset);
  }

  /** Forgets what any producer has committed for a partition. */
  delete(groupId: string, topic: string, partition: number): void {
    for (const [producerId, store] of this.producers) {
      store.delete(groupId, topic, partition);
      if (store.isEmpty) this.producers.delete(producerId);
    }
  }

  /** What a producer has committed, and forgets it: its transaction has ended. */
  take(producerId: bigint): OffsetStore | undefined {
    const store = this.producers.get(producerId);
    this.producers.delete(producerId);
    return store;
  }

  /** Whether an open transaction has committed an offset for the partition. */
  has(groupId: string, topic: string, partition: number): boolean {
    for (const store of this.producers.values()) {
      if (store.get(groupId, topic, partition) !== undefined) return true;
    }
    return false;
  }

  /** Whether an open transaction has committed an offset of the group. */
  hasGroup(groupId: string): boolean {
    for (const store of this.producers.values()) if (store.ofGroup(groupId).size > 0) return true;
    return false;
  }

  /** What each open transaction has committed. */
  stores(): Iterable<OffsetStore> {
    return this.producers.values();
  }
}
