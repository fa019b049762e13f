/**
 * What an API is: a request and a response with their versions, and a function from one to the other.
 */
import type { KafkaError } from "../protocol/errors.ts";
import type { Decoded, Definition, Encodable, Fields, VersionRange } from "../protocol/schema.ts";
import type { RequestContext } from "./context.ts";

/** A handler's answer; null when the client waits for none. */
export type Answer<Response> = Encodable<Response> | null;

interface Behaviour<Request, Response> {
  /** Answers a request. What it throws as KafkaError is told to the client in the form of `fail`. */
  handle(request: Decoded<Request>, context: RequestContext): Answer<Response> | Promise<Answer<Response>>;
  /** The answer that says that the whole request failed. */
  fail(request: Decoded<Request>, error: KafkaError, context: RequestContext): Answer<Response>;
  /** Says that nothing of a request's bytes is kept when it has been answered. */
  readonly keepsNothing?: boolean;
  /** Bytes behind a request don't matter: else they end the connection, as they say that it was misunderstood. */
  readonly ignoresTrailingBytes?: boolean;
  /** The first version to advertise, where that isn't the first one served. */
  readonly advertisedFrom?: number;
  /** The last version served, where the newest one is not stable yet. */
  readonly servedTo?: number;
}

/** An API as the dispatcher sees it, its types checked where it was made. */
export interface Api {
  readonly key: number;
  readonly name: string;
  readonly request: Definition;
  readonly response: Definition;
  /** The versions it answers to. */
  readonly served: VersionRange;
  /** The versions that ApiVersions names. */
  readonly advertised: VersionRange;
  readonly keepsNothing: boolean;
  readonly ignoresTrailingBytes: boolean;
  handle(request: unknown, context: RequestContext): unknown;
  fail(request: unknown, error: KafkaError, context: RequestContext): unknown;
}

/** APIs by their key. */
export type ApiTable = ReadonlyMap<number, Api>;

/**
 * Declares an API.
 *
 * @example export const heartbeat = api(HeartbeatRequest, HeartbeatResponse, { handle: …, fail: … });
 */
export function api<Q extends Fields, R extends Fields>(
  request: Definition<Q>,
  response: Definition<R>,
  behaviour: Behaviour<Definition<Q>, Definition<R>>,
): Api {
  const served = { min: request.versions.min, max: behaviour.servedTo ?? request.versions.max };
  return {
    key: request.key,
    name: request.name.slice(0, -"Request".length),
    request,
    response,
    served,
    keepsNothing: behaviour.keepsNothing ?? false,
    ignoresTrailingBytes: behaviour.ignoresTrailingBytes ?? false,
    advertised: { min: behaviour.advertisedFrom ?? served.min, max: served.max },
    handle: (body, context) => behaviour.handle(body as Decoded<Definition<Q>>, context),
    fail: (body, error, context) => behaviour.fail(body as Decoded<Definition<Q>>, error, context),
  };
}
