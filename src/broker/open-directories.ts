/**
 * Takes hold of a broker's log directories when it starts. One that can't be used is left out, as in Kafka, and the
 * others go on serving, unless it is the one with the metadata.
 */
import type { ServerConfig } from "../config/server-config.ts";
import { type Disk, isDiskError } from "../disk/disk.ts";
import { lockDirectories } from "../log/directory-locks.ts";
import { type LogDirectories, prepareLogDirectories } from "../metadata/log-directories.ts";

/** What somebody has said of the cluster's id, which the configuration has no place for. */
export interface ClusterIdentity {
  /** The id that the directories must have, or get when they are new. */
  readonly clusterId?: string | undefined;
  /** The id for new directories where they need not have any special one. */
  readonly newClusterId?: string | undefined;
}

interface OpenOptions {
  readonly disk: Disk;
  readonly config: ServerConfig;
  readonly identity?: ClusterIdentity | undefined;
  /** Fills a buffer with random bytes. */
  readonly random: (target: Uint8Array) => void;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface OpenDirectories {
  readonly directories: LogDirectories;
  /** Why a directory can't be used, by its path. */
  readonly failures: ReadonlyMap<string, Error>;
  readonly releaseLocks: () => void;
}

/**
 * Locks the directories and, where they are new, formats them.
 *
 * @throws DirectoryInUseError, MetadataError, or the disk's error when it concerns the metadata or every log directory;
 *   nothing is locked then
 */
export function openDirectories(options: OpenOptions): OpenDirectories {
  const { disk, config } = options;
  const failures = new Map<string, Error>();
  const releases: (() => void)[] = [];
  const releaseLocks = () => {
    for (const release of releases.splice(0)) release();
  };
  const paths = [...new Set([...config.logDirs, config.metadataLogDir])];
  const leaveOut = (path: string | undefined, error: unknown) => {
    if (!isDiskError(error) || path === undefined || path === config.metadataLogDir) throw error;
    failures.set(path, error);
    if (config.logDirs.every((logDir) => failures.has(logDir))) throw error;
  };
  try {
    for (const path of paths) {
      try {
        releases.push(lockDirectories(disk, [path]));
      } catch (error) {
        leaveOut(path, error);
      }
    }
    for (;;) {
      const usable = paths.filter((path) => !failures.has(path));
      try {
        return { directories: prepare(options, usable), failures, releaseLocks };
      } catch (error) {
        leaveOut(
          usable.find((path) => concerns(error, path)),
          error,
        );
      }
    }
  } catch (error) {
    releaseLocks();
    throw error;
  }
}

function prepare(
  { disk, config, identity, random, now }: OpenOptions,
  directories: readonly string[],
): LogDirectories {
  return prepareLogDirectories({ disk, directories, nodeId: config.nodeId, ...identity, random, now });
}

/** Whether an error of the system's names something in the directory. */
function concerns(error: unknown, directory: string): boolean {
  const path = error instanceof Error && "path" in error ? error.path : undefined;
  return typeof path === "string" && (path === directory || path.startsWith(`${directory}/`));
}
