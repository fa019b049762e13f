/**
 * What holds for a fetch as a whole: how much it may bring, how long it may wait, and how far it may read.
 */
import type { RequestContext } from "../context.ts";
import { isReadCommitted } from "../isolation-level.ts";
import type { FetchRequestBody } from "./fetch-partition.ts";

export interface FetchParams {
  /** Bytes of records of the whole answer; the first batch comes whole even if it is larger. */
  readonly maxBytes: number;
  /** Bytes of records to wait for. */
  readonly minBytes: number;
  readonly maxWaitMs: number;
  readonly isolation: "high_watermark" | "last_stable";
  /** Whether a broker asks, to replicate: its id is not negative. */
  readonly isFollower: boolean;
}

/** What a request asks for, within `fetch.max.bytes`. Throws INVALID_REQUEST for an isolation level nobody knows. */
export function fetchParams(request: FetchRequestBody, context: RequestContext): FetchParams {
  const { isolationLevel, maxWaitMs, replicaId, replicaState } = request;
  const maxBytes = Math.max(0, Math.min(request.maxBytes, context.broker.config().fetchMaxBytes));
  return {
    maxBytes,
    minBytes: Math.min(request.minBytes, maxBytes),
    maxWaitMs,
    isolation: isReadCommitted(isolationLevel) ? "last_stable" : "high_watermark",
    isFollower: replicaId >= 0 || replicaState.replicaId >= 0,
  };
}
