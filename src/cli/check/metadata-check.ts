/**
 * Checks the metadata log's folder, and returns the cluster that it describes.
 */
import { parseCheckpoint } from "../../log/checkpoint-file.ts";
import { ClusterImage } from "../../metadata/image/cluster-image.ts";
import { BOOTSTRAP_CHECKPOINT, logFilesIn, METADATA_DIRECTORY } from "../../metadata/log/file-names.ts";
import { LEADER_EPOCHS } from "../../metadata/log/leader-epochs.ts";
import type { LogState } from "../../metadata/log/log-state.ts";
import { QUORUM_STATE, readQuorumState } from "../../metadata/log/quorum-state.ts";
import { readLog } from "../../metadata/log/read-log.ts";
import { readSnapshot } from "../../metadata/log/read-snapshot.ts";
import { MetadataError } from "../../metadata/metadata-error.ts";
import type { CheckContext } from "./context.ts";

/** @returns null where there is no metadata log, or it can't be read */
export async function checkMetadata(
  context: CheckContext,
  directory: string,
  clusterId: string,
): Promise<ClusterImage | null> {
  const { disk, report } = context;
  const folder = `${directory}/${METADATA_DIRECTORY}`;
  await checkSnapshot(context, `${directory}/${BOOTSTRAP_CHECKPOINT}`);
  if (!disk.exists(folder)) return null;
  const { snapshots } = logFilesIn(disk, folder);
  // The newest is read with the log.
  for (const { path } of snapshots.slice(0, -1)) await checkSnapshot(context, path);
  const image = new ClusterImage(clusterId);
  try {
    const { state, applier } = await readLog({ disk, folder, readFile, image });
    report.looked.bytes += state.segment?.sizeInBytes ?? 0;
    if (applier.inTransaction) report.note(folder, "it ends within a transaction, which a start aborts");
    tellCut(context, state);
    checkEpochs(context, folder, state);
    checkQuorum(context, folder, state);
    return image;
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    report.problem(error.path, wordsOf(error), error.position);
    return null;
  }
}

const readFile = (path: string): Promise<Uint8Array> => Bun.file(path).bytes();

async function checkSnapshot({ disk, report }: CheckContext, path: string): Promise<void> {
  if (!disk.exists(path)) return;
  try {
    const bytes = await readFile(path);
    const batches = readSnapshot(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    while (!batches.next().done);
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    report.problem(error.path, wordsOf(error), error.position);
  }
}

function wordsOf({ path, message }: MetadataError): string {
  return message.slice(path.length).replace(/^( at byte \d+)?: /, "");
}

function tellCut({ report }: CheckContext, { segment }: LogState): void {
  if (segment === null || segment.cutShortBytes === 0) return;
  const { path, cutShortBytes, sizeInBytes } = segment;
  report.note(
    path,
    `${cutShortBytes} bytes of a write that was interrupted; a start cuts them off`,
    sizeInBytes,
  );
}

function checkEpochs({ disk, report }: CheckContext, folder: string, state: LogState): void {
  const path = `${folder}/${LEADER_EPOCHS}`;
  if (!disk.exists(path)) return;
  try {
    const entries = parseCheckpoint(disk.readFile(path).toString("utf8"), 2);
    const inFile = new Map(entries.map(([epoch, startOffset]) => [Number(epoch), Number(startOffset)]));
    for (const [index, { epoch, startOffset }] of state.epochs.entries()) {
      const said = inFile.get(epoch);
      if (said === undefined || said === startOffset) continue;
      // The first may have begun in what a snapshot holds, and nobody reads any more.
      if (index === 0 && said < startOffset) continue;
      report.note(
        path,
        `epoch ${epoch} is said to begin at offset ${said}, and begins at ${startOffset} in the log`,
      );
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    report.note(path, `${error.message}; the log has the epochs, too`);
  }
}

function checkQuorum({ disk, report }: CheckContext, folder: string, { epochs }: LogState): void {
  const path = `${folder}/${QUORUM_STATE}`;
  if (!disk.exists(path)) return;
  const quorum = readQuorumState(disk, path);
  if (quorum === undefined) report.note(path, "it can't be read; a start takes the epoch from the log");
  const last = epochs.at(-1)?.epoch ?? 0;
  if (quorum !== undefined && quorum.leaderEpoch < last) {
    report.note(path, `it is of epoch ${quorum.leaderEpoch}, and the log of epoch ${last}`);
  }
}
