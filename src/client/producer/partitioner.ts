/**
 * Which partition a record goes to: by its key, and without one to a partition that is kept until it has got a batch's
 * worth of bytes (KIP-480, KIP-794).
 */
import type { PartitionInfo } from "../topics.ts";
import { murmur2 } from "./murmur2.ts";

/** The partition of a key, as all of Kafka's producers choose it: records of a key stay in their order. */
export function partitionOfKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}

export class StickyPartition {
  private current: number | null = null;
  private bytes = 0;

  /**
   * @param bytesPerTurn how many bytes a partition gets before it is another one's turn
   * @param random from 0 up to but not including 1
   */
  constructor(
    private readonly bytesPerTurn: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** The partition for the next record. Partitions without a leader get none while another one has a leader. */
  next(partitions: readonly PartitionInfo[], recordBytes: number): number {
    if (this.current === null || this.bytes >= this.bytesPerTurn) this.choose(partitions);
    this.bytes += recordBytes;
    return this.current ?? 0;
  }

  private choose(partitions: readonly PartitionInfo[]): void {
    const led = partitions.filter(({ leader }) => leader >= 0);
    const candidates = led.length > 0 ? led : partitions;
    const others = candidates.filter(({ partition }) => partition !== this.current);
    const from = others.length > 0 ? others : candidates;
    this.current = from[Math.floor(this.random() * from.length)]?.partition ?? 0;
    this.bytes = 0;
  }
}
