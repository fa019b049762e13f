/**
 * From a frame to a reply: reads header and body, calls the API, writes its answer. Everything unexpected ends
 * here: it becomes UNKNOWN_SERVER_ERROR and a log line, and never reaches another connection.
 */
import { read, write } from "../protocol/codec.ts";
import { MalformedError } from "../protocol/malformed.ts";
import { Reader } from "../protocol/reader.ts";
import { type Definition, type Encodable, inRange } from "../protocol/schema.ts";
import type { Writer } from "../protocol/writer.ts";
import { WriterPool } from "../protocol/writer-pool.ts";
import type { Api } from "./api.ts";
import { API_VERSIONS_KEY, apiVersions, unsupportedVersionAnswer } from "./api-versions.ts";
import type { ClientConnection } from "./client-connection.ts";
import type { BrokerParts, RequestContext } from "./context.ts";
import { forEachErrorCode } from "./error-codes.ts";
import { type RequestHeader, readHeaderRest, readHeaderStart } from "./request-header.ts";
import { COPIED_BYTES, PieceBuffers, ReplyStream } from "./streamed-reply.ts";
import { UnanswerableRequest } from "./unanswerable-request.ts";
import { asKafkaError } from "./unexpected.ts";

/** Bytes for the wire, length first; `release` gives their buffers back once they have been sent. */
export interface Reply {
  readonly buffers: Uint8Array[];
  /** What follows, made as the client takes what comes before. */
  readonly more?: ReplyStream;
  readonly release: () => void;
  /** Nothing uses the request's frame any more. */
  readonly frameIsFree: boolean;
}

const LENGTH_SIZE = 4;
/**
 * The elements that a request's arrays may have in all. Others wait while one is answered, some microseconds for each
 * element; who has more partitions than this to ask for asks twice.
 */
const MAX_ELEMENTS = 100_000;

type AnsweredRequest = Pick<RequestContext, "apiVersion" | "correlationId">;

/** A function that answers frames (without their length). It throws UnanswerableRequest, at once or later. */
export function createDispatcher(
  broker: BrokerParts,
): (frame: Buffer, connection: ClientConnection) => Reply | null | Promise<Reply | null> {
  const writers = new WriterPool(COPIED_BYTES);
  const pieces = new PieceBuffers();
  const { requests } = broker.metrics;

  function reply(api: Api, request: AnsweredRequest, answer: unknown): Reply | null {
    if (answer === null) return null;
    const { apiVersion, correlationId } = request;
    const writer = writers.take();
    try {
      writeReply(writer, api, apiVersion, correlationId, answer);
    } catch (error) {
      writers.give(writer);
      throw error;
    }
    if (requests !== null) {
      const counters = requests.of(api.key, api.name);
      counters.responseBytes += writer.totalSize;
      forEachErrorCode(api.response, answer, counters.countError);
    }
    const frameIsFree = api.keepsNothing;
    if (writer.leftOut.length === 0) {
      return { buffers: [writer.written()], release: () => writers.give(writer), frameIsFree };
    }
    const more = new ReplyStream(writer, pieces);
    const release = () => {
      more.release();
      writers.give(writer);
    };
    return { buffers: [more.beginning], more, release, frameIsFree };
  }

  function failed(api: Api, body: unknown, context: RequestContext, error: unknown): Reply | null {
    if (error instanceof UnanswerableRequest) throw error;
    const answer = api.fail(body, asKafkaError(error, api.name, context), context);
    return reply(api, context, answer);
  }

  function answer(api: Api, body: unknown, context: RequestContext): Reply | null | Promise<Reply | null> {
    try {
      const outcome = api.handle(body, context);
      if (!(outcome instanceof Promise)) return reply(api, context, outcome);
      return outcome
        .then((later) => answeredLater(api, context, reply(api, context, later)))
        .catch((error: unknown) => answeredLater(api, context, failed(api, body, context, error)));
    } catch (error) {
      return failed(api, body, context, error);
    }
  }

  function answeredLater(api: Api, { startedMs }: RequestContext, reply: Reply | null): Reply | null {
    requests?.of(api.key, api.name).answered(startedMs, performance.now());
    return reply;
  }

  return (frame, connection) => {
    const startedMs = requests === null ? 0 : performance.now();
    const reader = new Reader(frame, 0, frame.length, MAX_ELEMENTS);
    const header = readable(() => readHeaderStart(reader), "a request");
    const api = broker.apis.get(header.apiKey);
    if (api === undefined) throw new UnanswerableRequest(`API key ${header.apiKey} is not served here`);
    if (!inRange(api.served, header.apiVersion)) return unsupported(api, header);
    const what = `${api.name} v${header.apiVersion}, correlation id ${header.correlationId}`;
    const clientId = readable(() => readHeaderRest(reader, api.request, header.apiVersion), what);
    const body = readable(() => readBody(reader, api, header.apiVersion), what);
    const { apiVersion, correlationId } = header;
    const context = { apiVersion, correlationId, clientId, startedMs, connection, broker };
    const answered = answer(api, body, context);
    if (requests !== null) {
      const nowMs = performance.now();
      const counters = requests.of(api.key, api.name);
      counters.handled(apiVersion, frame.length, startedMs, nowMs);
      if (!(answered instanceof Promise)) counters.answered(startedMs, nowMs);
    }
    return answered;
  };

  /** A client that doesn't know us yet asks for versions in a version of its own: it gets ours (KIP-511). */
  function unsupported(api: Api, header: RequestHeader): Reply | null {
    if (header.apiKey !== API_VERSIONS_KEY) {
      throw new UnanswerableRequest(`${api.name} v${header.apiVersion} is not served here`);
    }
    const request = { apiVersion: 0, correlationId: header.correlationId };
    return reply(apiVersions, request, unsupportedVersionAnswer(api));
  }
}

function readable<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedError)
      throw new UnanswerableRequest(`${what} can't be read: ${error.message}`);
    throw error;
  }
}

function readBody(reader: Reader, api: Api, version: number): unknown {
  const body = read(api.request, version, reader);
  if (reader.remaining > 0 && !api.ignoresTrailingBytes)
    throw new MalformedError(`${reader.remaining} bytes follow its end`);
  return body;
}

function writeReply(writer: Writer, api: Api, version: number, correlationId: number, answer: unknown): void {
  const start = writer.position;
  writer.int32(0);
  writer.int32(correlationId);
  // ApiVersions keeps the first header in all versions: its reader may not know this broker's yet (KIP-511).
  if (api.key !== API_VERSIONS_KEY && inRange(api.response.flexible, version)) writer.unsignedVarint(0);
  write(api.response, version, answer as Encodable<Definition>, writer);
  writer.setInt32(start, writer.totalSize - start - LENGTH_SIZE);
}
