/**
 * The broker's fetch sessions (KIP-227), as many as `max.incremental.fetch.session.cache.slots` allows. A client
 * whose session had to make room for another's starts anew, without loss.
 *
 * Followers get no sessions: this broker has none (see followers in read.ts).
 */
import type { Clock } from "../../clock.ts";
import { ErrorCode } from "../../protocol/errors.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import {
  type FetchContext,
  failedContext,
  incrementalContext,
  newSessionContext,
  sessionlessContext,
} from "./contexts.ts";
import type { FetchRequestBody } from "./fetch-partition.ts";
import {
  type FetchPartitions,
  FetchSession,
  FINAL_EPOCH,
  INITIAL_EPOCH,
  NO_SESSION,
  nextEpoch,
  requestedPartitions,
} from "./session.ts";

/** How long a session is safe from others: since its creation from larger ones, since its last use from all. */
export const EVICTION_MS = 120_000;
/** How many partitions all sessions together may hold: the sessions' slots don't limit what one of them names. */
const MAX_CACHED_PARTITIONS = 500_000;
const MAX_SESSION_ID = 0x7fffffff;

type NameOf = (topicId: Uuid) => string | undefined;

export class FetchSessions {
  /** By id, the least recently used first. */
  private readonly sessions = new Map<number, FetchSession>();
  private cachedPartitions = 0;

  /**
   * @param slots how many sessions there may be; with 0 there are none
   * @param random returns numbers from 0 up to but not including 1
   */
  constructor(
    private readonly clock: Clock,
    private readonly slots: number,
    private readonly random: () => number = Math.random,
    private readonly maxCachedPartitions = MAX_CACHED_PARTITIONS,
  ) {}

  get size(): number {
    return this.sessions.size;
  }

  /**
   * What a request means in the light of the sessions. Ends, starts and updates sessions.
   *
   * @param usesTopicIds whether the request names topics by id; a session can't change that
   * @param nameOf the name of the topic with an id, if there is one
   */
  contextOf(request: FetchRequestBody, usesTopicIds: boolean, nameOf: NameOf): FetchContext {
    const { sessionId, sessionEpoch } = request;
    if (sessionEpoch !== INITIAL_EPOCH && sessionEpoch !== FINAL_EPOCH) {
      return this.goOn(request, usesTopicIds, nameOf);
    }
    const replaced = this.sessions.get(sessionId);
    if (replaced !== undefined) this.remove(replaced);
    const requested = requestedPartitions(request, usesTopicIds, nameOf);
    if (sessionEpoch === FINAL_EPOCH) return sessionlessContext(requested);
    return newSessionContext(requested, (partitions) => this.create(partitions, usesTopicIds));
  }

  private goOn(request: FetchRequestBody, usesTopicIds: boolean, nameOf: NameOf): FetchContext {
    const session = this.sessions.get(request.sessionId);
    if (session === undefined) return failedContext(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    if (session.epoch !== request.sessionEpoch) return failedContext(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
    if (session.usesTopicIds !== usesTopicIds) return failedContext(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
    this.remove(session);
    session.update(request, nameOf);
    if (session.partitions.size === 0) return sessionlessContext(session.partitions);
    if (!this.hasRoomFor(session.partitions)) return failedContext(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    session.lastUsedMs = this.clock.now();
    session.epoch = nextEpoch(session.epoch);
    this.add(session);
    return incrementalContext(session);
  }

  private create(partitions: FetchPartitions, usesTopicIds: boolean): number {
    const now = this.clock.now();
    if (this.sessions.size >= this.slots && !this.evictFor(partitions.size, now)) return NO_SESSION;
    if (!this.hasRoomFor(partitions)) return NO_SESSION;
    const session = new FetchSession(this.newId(), usesTopicIds, partitions, now);
    this.add(session);
    return session.id;
  }

  /** Makes room by Kafka's rules: a session that nobody uses goes, or else the smallest one that isn't new. */
  private evictFor(size: number, now: number): boolean {
    const [oldest] = this.sessions.values();
    if (oldest === undefined) return false;
    if (now - oldest.lastUsedMs > EVICTION_MS) {
      this.remove(oldest);
      return true;
    }
    const smallest = this.smallestEvictable();
    if (smallest === undefined || size <= smallest.partitions.size) return false;
    this.remove(smallest);
    return true;
  }

  private smallestEvictable(): FetchSession | undefined {
    let smallest: FetchSession | undefined;
    for (const session of this.sessions.values()) {
      if (session.lastUsedMs - session.createdMs <= EVICTION_MS) continue;
      if (smallest === undefined || session.partitions.size < smallest.partitions.size) smallest = session;
    }
    return smallest;
  }

  private hasRoomFor(partitions: FetchPartitions): boolean {
    return this.cachedPartitions + partitions.size <= this.maxCachedPartitions;
  }

  private add(session: FetchSession): void {
    this.sessions.set(session.id, session);
    this.cachedPartitions += session.partitions.size;
  }

  private remove(session: FetchSession): void {
    this.sessions.delete(session.id);
    this.cachedPartitions -= session.partitions.size;
  }

  private newId(): number {
    for (;;) {
      const id = 1 + Math.floor(this.random() * MAX_SESSION_ID);
      if (!this.sessions.has(id)) return id;
    }
  }
}
