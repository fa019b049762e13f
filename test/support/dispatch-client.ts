/**
 * Asks the handlers through the dispatcher as a client would, bytes and all, without a socket.
 */
import type { ClientConnection } from "../../src/api/client-connection.ts";
import type { BrokerParts } from "../../src/api/context.ts";
import { createDispatcher } from "../../src/api/dispatch.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../src/protocol/schema.ts";
import { readResponse, requestFrame } from "./raw-client.ts";

/** A client's connection that a test closes. */
export class TestConnection implements ClientConnection {
  readonly id = 1;
  readonly listenerName = "PLAINTEXT";
  readonly localAddress = "127.0.0.1";
  readonly localPort = 9092;
  readonly remoteAddress = "127.0.0.1";
  closed = false;
  private readonly listeners = new Set<() => void>();

  /** Listeners that wait for the end. */
  get listenerCount(): number {
    return this.listeners.size;
  }

  onClose(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    for (const listener of [...this.listeners]) listener();
    this.listeners.clear();
  }
}

export interface AskOptions {
  readonly clientId?: string;
  readonly connection?: ClientConnection;
}

export class DispatchClient {
  private readonly dispatch: ReturnType<typeof createDispatcher>;
  private nextCorrelationId = 1;

  constructor(
    parts: BrokerParts,
    private readonly connection = new TestConnection(),
  ) {
    this.dispatch = createDispatcher(parts);
  }

  /** Asks, and waits for the answer; null when there is none. */
  async askUnanswered<Q extends Fields, R extends Fields>(
    [request, response]: readonly [Definition<Q>, Definition<R>],
    version: number,
    body: Encodable<Definition<Q>>,
    { clientId, connection = this.connection }: AskOptions = {},
  ): Promise<Decoded<Definition<R>> | null> {
    const correlationId = this.nextCorrelationId++;
    const frame = requestFrame(request, version, correlationId, body, clientId);
    const reply = await this.dispatch(frame, connection);
    if (reply === null) return null;
    // Their memory is used again: each piece's with the next one, the rest when the reply is released.
    const pieces = [...reply.buffers];
    for (let piece = reply.more?.next(); piece; piece = reply.more?.next()) pieces.push(Buffer.from(piece));
    const bytes = Buffer.concat(pieces).subarray(4);
    reply.release();
    return readResponse(response, version, correlationId, bytes);
  }

  /** Asks, and waits for the answer. */
  async ask<Q extends Fields, R extends Fields>(
    messages: readonly [Definition<Q>, Definition<R>],
    version: number,
    body: Encodable<Definition<Q>>,
    options?: AskOptions,
  ): Promise<Decoded<Definition<R>>> {
    const answer = await this.askUnanswered(messages, version, body, options);
    if (answer === null) throw new Error(`${messages[0].name} has not been answered`);
    return answer;
  }
}
