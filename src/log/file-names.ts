/**
 * The names of a partition's files and of its directory.
 */

/** What a partition's files end in, behind the twenty digits of an offset. */
export const Suffix = {
  log: ".log",
  offsetIndex: ".index",
  timeIndex: ".timeindex",
  transactionIndex: ".txnindex",
  producerSnapshot: ".snapshot",
  /** Appended to a file that will be removed. */
  deleted: ".deleted",
  /** Appended to a file that compaction is still writing. */
  cleaned: ".cleaned",
  /** Appended to a file that compaction has finished and is putting in place. */
  swap: ".swap",
} as const;

export const LEADER_EPOCH_CHECKPOINT = "leader-epoch-checkpoint";
export const PARTITION_METADATA = "partition.metadata";

const DIGITS = 20;

/** Most segments of a broker with many partitions begin at 0: their files share the names. */
const atZero = new Map<string, string>();

/** `00000000000000000042.log` for offset 42 and `.log`. */
export function fileName(offset: number, suffix: string): string {
  if (offset !== 0) return offset.toString().padStart(DIGITS, "0") + suffix;
  const known = atZero.get(suffix) ?? "0".repeat(DIGITS) + suffix;
  atZero.set(suffix, known);
  return known;
}

/** The offset that a file is named after, or −1 when it is not named after one. */
export function offsetOfFile(name: string): number {
  const match = /^(\d+)\./.exec(name);
  const offset = match?.[1] === undefined ? -1 : Number(match[1]);
  return Number.isSafeInteger(offset) ? offset : -1;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What a directory in a log directory is for: `stray` is a partition nobody knows, `future` one being moved. */
export type DirectoryPurpose = "current" | "deleted" | "stray" | "future";

const marked = /^(.+-\d+)\.[^.]+-(delete|stray|future)$/;
const purposes = { delete: "deleted", stray: "stray", future: "future" } as const;

/** The directory of a partition. */
export function partitionDirectoryName(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/**
 * The name a partition's directory gets when it is to be removed or put aside.
 *
 * @param uniqueId 32 hexadecimal digits
 */
export function markedDirectoryName(
  { topic, partition }: TopicPartition,
  uniqueId: string,
  mark: keyof typeof purposes,
): string {
  const end = `-${partition}.${uniqueId}-${mark}`;
  const longestName = 255;
  return topic.slice(0, longestName - end.length) + end;
}

/** What a directory's name says, or undefined when it is not a partition's. */
export function parseDirectoryName(
  name: string,
): (TopicPartition & { purpose: DirectoryPurpose }) | undefined {
  const match = marked.exec(name);
  const plain = match?.[1] ?? name;
  const mark = match?.[2];
  const dash = plain.lastIndexOf("-");
  const digits = plain.slice(dash + 1);
  if (dash < 1 || !/^\d{1,10}$/.test(digits)) return undefined;
  const purpose =
    mark === "delete" || mark === "stray" || mark === "future" ? purposes[mark] : ("current" as const);
  return { topic: plain.slice(0, dash), partition: Number(digits), purpose };
}
