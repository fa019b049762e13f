/**
 * A broker that answers as a test says, on a port of this machine.
 */
import { FrameReader } from "../../../src/client/frame-reader.ts";
import { encode } from "../../../src/protocol/codec.ts";
import { ApiVersionsResponse } from "../../../src/protocol/messages/api-versions.ts";
import { MetadataResponse } from "../../../src/protocol/messages/metadata.ts";
import { type Definition, type Encodable, type Fields, inRange } from "../../../src/protocol/schema.ts";

const API_VERSIONS_KEY = 18;

export interface Asked {
  readonly apiKey: number;
  readonly version: number;
  /** The whole request, with its header. */
  readonly frame: Buffer;
}

/** The bytes of an answer, behind its correlation id; null for none. */
export type Answerer = (asked: Asked) => Buffer | null;

export class ScriptedBroker {
  readonly asked: Asked[] = [];
  private readonly listener: Bun.TCPSocketListener<FrameReader>;

  constructor(answer: Answerer) {
    this.listener = Bun.listen<FrameReader>({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        open: (socket) => {
          socket.data = new FrameReader(1_000_000);
        },
        data: (socket, bytes) => {
          for (const frame of socket.data.push(bytes)) {
            const asked = { apiKey: frame.readInt16BE(0), version: frame.readInt16BE(2), frame };
            this.asked.push(asked);
            const body = answer(asked);
            if (body === null) socket.end();
            else socket.write(withLength(Buffer.concat([frame.subarray(4, 8), body])));
          }
        },
      },
    });
  }

  get port(): number {
    return this.listener.port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  stop(): void {
    this.listener.stop(true);
  }
}

/** A response with its header's tagged fields, where its version has them. */
export function answered<R extends Fields>(
  response: Definition<R>,
  version: number,
  body: Encodable<Definition<R>>,
): Buffer {
  const flexible = response.key !== API_VERSIONS_KEY && inRange(response.flexible, version);
  return Buffer.concat([Buffer.alloc(flexible ? 1 : 0), encode(response, version, body)]);
}

/** What a broker says that serves these APIs: keys with their lowest and highest versions. */
export function versionsAnswer(
  version: number,
  apis: Readonly<Record<number, readonly [number, number]>>,
  errorCode = 0,
): Buffer {
  const apiKeys = Object.entries(apis).map(([key, [minVersion, maxVersion]]) => ({
    ...{ apiKey: Number(key), minVersion, maxVersion },
  }));
  return answered(ApiVersionsResponse, version, { errorCode, apiKeys });
}

/** Metadata with one broker, that is the controller, and no topics. */
export function metadataAnswer(version: number, port: number): Buffer {
  return answered(MetadataResponse, version, {
    brokers: [{ nodeId: 1, host: "127.0.0.1", port }],
    clusterId: "scripted",
    controllerId: 1,
    topics: [],
  });
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
