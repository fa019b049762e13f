/**
 * Sends requests one after the other, to Apache Kafka or to a broker of ours, and notes the answers in a form in which
 * they can be compared: without times, and in an order of their own where Kafka's is that of its hash tables.
 */
import { ErrorCode } from "../../../../../src/protocol/errors.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../../../../src/protocol/schema.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** An answer, under the name of the step. */
export type Notes = Record<string, Json>;

/** Sends one request and returns its answer. */
export type Ask = <Q extends Fields, R extends Fields>(
  messages: readonly [Definition<Q>, Definition<R>],
  version: number,
  body: Encodable<Definition<Q>>,
) => Promise<Decoded<Definition<R>>>;

const RETRY_MS = 50;
const RETRIES = 100;
/** Fields that are different each time. */
const varying = new Set(["transactionStartTimeMs", "lastTimestamp", "throttleTimeMs", "unknownTaggedFields"]);

export class Conversation {
  readonly notes: Notes = {};

  constructor(
    private readonly send: Ask,
    /** Lets some time pass before a request is sent again. */
    private readonly wait: (ms: number) => Promise<void>,
  ) {}

  /**
   * Sends a request and notes the answer. Kafka ends transactions in the background, and is asked again while it does.
   *
   * @param expected what the client is to be told even if it is to come again
   */
  async ask<Q extends Fields, R extends Fields>(
    step: string,
    messages: readonly [Definition<Q>, Definition<R>],
    version: number,
    body: Encodable<Definition<Q>>,
    { concurrent = false } = {},
  ): Promise<Decoded<Definition<R>>> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.send(messages, version, body);
      const noted = comparable(answer);
      if (concurrent || attempt === RETRIES || !isConcurrent(noted)) {
        this.notes[`${step} v${version}`] = noted;
        return answer;
      }
      await this.wait(RETRY_MS);
    }
  }
}

function isConcurrent(answer: Json): boolean {
  const codes = `(${ErrorCode.CONCURRENT_TRANSACTIONS}|${ErrorCode.NOT_COORDINATOR}|${ErrorCode.COORDINATOR_NOT_AVAILABLE}|${ErrorCode.COORDINATOR_LOAD_IN_PROGRESS})`;
  return new RegExp(`rrorCode":${codes}[,}]`).test(JSON.stringify(answer));
}

function comparable(value: unknown): Json {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) {
    return value
      .map(comparable)
      .sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return value as Json;
  const entries = Object.entries(value).filter(([name]) => !varying.has(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, comparable(inner)]));
}
