/**
 * `quorum-state`: whom a controller has voted for and who leads which epoch. Version 0 is of quorums whose voters
 * stand in the configuration, version 1 of those whose voters stand in the log (KIP-853).
 */
import type { Disk } from "../../disk/disk.ts";
import { ZERO_UUID } from "../../protocol/uuid.ts";

export const QUORUM_STATE = "quorum-state";
const NOBODY = -1;

export interface QuorumState {
  /** −1 while an epoch has no leader. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** −1 when no vote was given in the epoch. */
  readonly votedId: number;
}

/** What the file says; undefined when it is missing or unreadable: then the log alone says which epoch it was. */
export function readQuorumState(disk: Disk, path: string): QuorumState | undefined {
  if (!disk.exists(path)) return undefined;
  const content = parsed(new TextDecoder().decode(disk.readFile(path)));
  const { leaderId, leaderEpoch, votedId } = content;
  if (!isInteger(leaderId) || !isInteger(leaderEpoch) || !isInteger(votedId)) return undefined;
  return { leaderId, leaderEpoch, votedId };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === "object" && content !== null ? { ...content } : {};
  } catch {
    return {};
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** The file's text when the only voter leads `epoch`. */
export function formatQuorumState(kraftVersion: number, nodeId: number, epoch: number): string {
  const leader = { leaderId: nodeId, leaderEpoch: epoch, votedId: NOBODY };
  if (kraftVersion > 0) {
    return JSON.stringify({ ...leader, votedDirectoryId: ZERO_UUID, data_version: 1 });
  }
  const currentVoters = [{ voterId: nodeId }];
  return JSON.stringify({ clusterId: "", ...leader, appliedOffset: 0, currentVoters, data_version: 0 });
}

/**
 * The epoch in which the only voter goes on writing, and whether it has yet to begin it with a leader-change record.
 * It is the highest that the log or the quorum has seen, unless that one was somebody else's.
 */
export function epochToLead(
  logEpoch: number,
  quorum: QuorumState | undefined,
  nodeId: number,
): { epoch: number; isNew: boolean } {
  if (quorum === undefined || quorum.leaderEpoch <= logEpoch) {
    return logEpoch > 0 ? { epoch: logEpoch, isNew: false } : { epoch: 1, isNew: true };
  }
  const ours = [quorum.leaderId, quorum.votedId].every((id) => id === nodeId || id === NOBODY);
  return { epoch: Math.max(1, ours ? quorum.leaderEpoch : quorum.leaderEpoch + 1), isNew: true };
}
