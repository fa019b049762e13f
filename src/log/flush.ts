/**
 * Making what was appended durable.
 */
import { KafkaError } from "../protocol/errors.ts";
import { PARTITION_METADATA } from "./file-names.ts";
import type { LogState } from "./log-state.ts";

/** Longer delays overflow the timers of the machine; they are never waited for either. */
const LONGEST_DELAY_MS = 0x7fffffff;

/**
 * Makes the records durable that were appended before this call, and lets whoever calls while it runs share the next
 * flush. Rejects with KAFKA_STORAGE_ERROR when the directory fails: then nothing may be acknowledged.
 */
export function flushRecords(state: LogState): Promise<void> {
  return state.recordsFlush.request(() => run(state, () => writeRecords(state)));
}

/** Makes everything durable, indexes and all, and moves the recovery point to the log's end. */
export function flushLog(state: LogState): Promise<void> {
  return state.fullFlush.request(() => run(state, () => writeEverything(state)));
}

async function run(state: LogState, flush: () => Promise<void>): Promise<void> {
  state.context.health.check();
  try {
    await flush();
  } catch (error) {
    // Somebody deleted or closed the log meanwhile: what can't be found needs no flushing any more.
    if (state.isClosed) throw new KafkaError("NOT_LEADER_OR_FOLLOWER", `The log of ${state.name} was closed`);
    throw state.context.health.failed(error, `flushing ${state.name}`);
  }
}

async function writeRecords(state: LogState): Promise<void> {
  const { segments, truncations, logEndOffset } = state;
  if (!state.metadataIsDurable) await flushMetadata(state);
  const unflushed = segments.from(state.flushedOffset).filter(({ isUnflushed }) => isUnflushed);
  await Promise.all(unflushed.map((segment) => segment.flushLog()));
  if (state.hasNewFiles) {
    state.hasNewFiles = false;
    await state.context.disk.flushDirectory(state.directory);
  }
  if (state.truncations !== truncations) return;
  state.flushedOffset = Math.max(state.flushedOffset, logEndOffset);
  if (state.highWatermark >= state.flushedOffset) return;
  state.moveHighWatermark(state.flushedOffset);
  state.notify();
}

async function writeEverything(state: LogState): Promise<void> {
  const { truncations, logEndOffset, segments } = state;
  const first = segments.atOrBelow(state.recoveryPoint)?.baseOffset ?? 0;
  const unflushed = segments.all.filter(
    (segment) => segment.baseOffset >= first || segment.hasUnflushedIndexes,
  );
  const [wroteEpochs] = await Promise.all([
    state.epochs.flush(),
    ...unflushed.map((segment) => segment.flushIndexes()),
  ]);
  if (wroteEpochs || state.snapshots.takeMade()) state.hasNewFiles = true;
  for (const segment of unflushed) if (segment.takeMadeIndexes()) state.hasNewFiles = true;
  await flushRecords(state);
  if (state.truncations !== truncations) return;
  state.recoveryPoint = Math.max(state.recoveryPoint, logEndOffset);
}

/** Makes the partition's directory and what it belongs to durable, off the event loop. */
export async function flushMetadata(state: LogState): Promise<void> {
  await flushOwnMetadata(state);
  await state.context.disk.flushDirectory(parentOf(state.directory));
  state.metadataIsDurable = true;
}

/** The same but for the directory's own name, which whoever calls makes durable for many partitions at once. */
export async function flushOwnMetadata(state: LogState): Promise<void> {
  const { disk } = state.context;
  const file = disk.open(`${state.directory}/${PARTITION_METADATA}`, "readwrite");
  try {
    await file.flush();
  } finally {
    file.close();
  }
  await disk.flushDirectory(state.directory);
}

function parentOf(directory: string): string {
  return directory.slice(0, directory.lastIndexOf("/")) || "/";
}

/**
 * Flushes as `flush.messages` and `flush.ms` demand after an append. Returns what an acknowledgement has to wait for,
 * or null if it needn't wait.
 */
export function flushByPolicy(state: LogState): Promise<void> | null {
  const { flushMessages, flushMs } = state.config;
  if (state.logEndOffset - state.flushedOffset >= flushMessages) return observed(flushRecords(state));
  if (flushMs <= LONGEST_DELAY_MS) {
    state.flushTimer ??= state.schedule(flushMs, () => {
      state.flushTimer = null;
      observed(flushRecords(state));
    });
  }
  return null;
}

/** Flushes in the background: a failure takes the directory offline, which says so itself. */
export function flushInBackground(state: LogState): void {
  observed(flushLog(state));
}

function observed(flush: Promise<void>): Promise<void> {
  flush.catch(() => undefined);
  return flush;
}
