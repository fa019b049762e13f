/**
 * Keys in the order of Java's HashMap. Where Kafka's uniform assignor takes members, topics and partitions one after
 * the other, their order decides who gets or keeps what; so that a group lives on unchanged when its broker is
 * exchanged for Kafka, or Kafka for this one, the order is the same here.
 */
import { type Uuid, uuidToBytes } from "../../../protocol/uuid.ts";

const DEFAULT_CAPACITY = 16;
const LOAD_FACTOR = 0.75;

/**
 * A map that is iterated as java.util.HashMap is: bin by bin, in each bin in the order of insertion. (Java turns a bin
 * of more than eight keys into a tree, which may change its order; that is left out.)
 */
export class JavaHashMap<K, V> {
  private bins: [K, V][][];
  size = 0;

  /**
   * @param hashCode the key's hashCode() in Java
   * @param initialCapacity as Java's constructor takes it
   */
  constructor(
    private readonly hashCode: (key: K) => number,
    initialCapacity = DEFAULT_CAPACITY,
  ) {
    this.bins = emptyBins(powerOfTwo(initialCapacity));
  }

  get(key: K): V | undefined {
    return this.bin(key).find(([held]) => held === key)?.[1];
  }

  set(key: K, value: V): void {
    const bin = this.bin(key);
    const entry = bin.find(([held]) => held === key);
    if (entry !== undefined) {
      entry[1] = value;
      return;
    }
    bin.push([key, value]);
    this.size++;
    if (this.isFull) this.grow();
  }

  /** As in Java it grows before, not after, and puts what is new first into its bin. */
  computeIfAbsent(key: K, make: () => V): V {
    if (this.isFull) this.grow();
    const held = this.get(key);
    if (held !== undefined) return held;
    const value = make();
    this.bin(key).unshift([key, value]);
    this.size++;
    return value;
  }

  delete(key: K): void {
    const bin = this.bin(key);
    const at = bin.findIndex(([held]) => held === key);
    if (at < 0) return;
    bin.splice(at, 1);
    this.size--;
  }

  *entries(): Generator<[K, V]> {
    for (const bin of this.bins) yield* bin;
  }

  *keys(): Generator<K> {
    for (const bin of this.bins) for (const [key] of bin) yield key;
  }

  private get isFull(): boolean {
    return this.size > Math.floor(this.bins.length * LOAD_FACTOR);
  }

  private grow(): void {
    const entries = [...this.entries()];
    this.bins = emptyBins(this.bins.length * 2);
    for (const entry of entries) this.bin(entry[0]).push(entry);
  }

  private bin(key: K): [K, V][] {
    const hash = this.hashCode(key);
    const bin = this.bins[(hash ^ (hash >>> 16)) & (this.bins.length - 1)];
    if (bin === undefined) throw new Error("a hash beyond the bins");
    return bin;
  }
}

/** The keys of a HashSet made from a collection of these. */
export function inHashSetOrder<K>(keys: Iterable<K>, hashCode: (key: K) => number): JavaHashMap<K, true> {
  const list = [...keys];
  const capacity = Math.max(Math.floor(list.length / LOAD_FACTOR) + 1, DEFAULT_CAPACITY);
  const set = new JavaHashMap<K, true>(hashCode, capacity);
  for (const key of list) set.set(key, true);
  return set;
}

/** String.hashCode() */
export function hashOfString(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}

/** Integer.hashCode() */
export function hashOfInt(value: number): number {
  return value;
}

/** org.apache.kafka.common.Uuid's hashCode(). */
export function hashOfUuid(uuid: Uuid): number {
  const bytes = uuidToBytes(uuid);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return view.getInt32(0) ^ view.getInt32(4) ^ view.getInt32(8) ^ view.getInt32(12);
}

function powerOfTwo(capacity: number): number {
  let size = 1;
  while (size < capacity) size *= 2;
  return size;
}

function emptyBins<T>(count: number): T[][] {
  return Array.from({ length: count }, () => []);
}
