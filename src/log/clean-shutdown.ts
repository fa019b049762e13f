/**
 * `.kafka_cleanshutdown`: there while a log directory lies closed with everything complete and flushed, and removed
 * as soon as it is opened.
 */
import type { Disk } from "../disk/disk.ts";

export const CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";

/**
 * Whether the directory was closed cleanly. Removes the sign: from here on only closing cleanly again brings it back.
 * That becomes durable when the directory is flushed.
 */
export function takeCleanShutdown(disk: Disk, logDirectory: string): boolean {
  const path = `${logDirectory}/${CLEAN_SHUTDOWN_FILE}`;
  if (!disk.exists(path)) return false;
  disk.remove(path);
  return true;
}

/** Says that the directory was closed cleanly. `brokerEpoch` is the one the broker was registered with, −1 for none. */
export async function writeCleanShutdown(
  disk: Disk,
  logDirectory: string,
  brokerEpoch: number,
): Promise<void> {
  const content = JSON.stringify({ version: 0, brokerEpoch });
  await disk.replaceFile(`${logDirectory}/${CLEAN_SHUTDOWN_FILE}`, content);
}
