/**
 * What a request against the image leads to: records, which alone will change the image, and the reply.
 */
import type { ServerConfig } from "../../config/server-config.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import type { NewMetadataRecord } from "../records.ts";

export interface Outcome<Reply> {
  /** Appended as one batch: all of them take effect, or none. */
  readonly records: readonly NewMetadataRecord[];
  readonly reply: Reply;
}

/** What handlers must know besides the image. */
export interface ControllerEnvironment {
  readonly nodeId: number;
  /** The ids of this node's log directories; at least one. */
  readonly directoryIds: readonly Uuid[];
  /** The broker's configuration as it is now. */
  readonly config: ServerConfig;
  /** Fills a buffer with random bytes. */
  readonly random: (target: Uint8Array) => void;
}

/** Kafka's limit for one request (QuorumController.MAX_RECORDS_PER_USER_OP). */
export const MAX_RECORDS = 10_000;
