/**
 * A connection together with the versions that its broker serves: sends requests in the highest version that both
 * sides know.
 */
import { ErrorCode } from "../protocol/errors.ts";
import { ApiVersionsRequest, ApiVersionsResponse } from "../protocol/messages/api-versions.ts";
import type { Decoded, Definition, Encodable, Fields, VersionRange } from "../protocol/schema.ts";
import { type Address, addressText } from "./address.ts";
import type { ClientConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import { NetworkError, UnsupportedVersionError } from "./errors.ts";
import { readResponse, requestFrame } from "./frame.ts";

export type ApiVersions = Decoded<typeof ApiVersionsResponse>;

/** A request's body, or how to make it for the version that was found. */
export type Body<Q extends Fields> =
  | Encodable<Definition<Q>>
  | ((version: number) => Encodable<Definition<Q>>);

export class BrokerConnection {
  private readonly served: ReadonlyMap<number, VersionRange>;

  private constructor(
    private readonly connection: Connection,
    private readonly config: ClientConfig,
    /** What the broker said about itself. */
    readonly apiVersions: ApiVersions,
  ) {
    this.served = new Map(
      apiVersions.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [
        apiKey,
        { min: minVersion, max: maxVersion },
      ]),
    );
  }

  /** Connects and asks for the broker's versions. Rejects with a NetworkError. */
  static async open(address: Address, config: ClientConfig): Promise<BrokerConnection> {
    const connection = await Connection.open(address, config.connectionSetupTimeoutMs);
    try {
      return new BrokerConnection(connection, config, await askForVersions(connection, config));
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  /**
   * The highest version of an API that both know.
   *
   * @throws UnsupportedVersionError
   */
  version(request: Definition, maxVersion = request.versions.max): number {
    const served = this.served.get(request.key);
    const name = request.name.replace(/Request$/, "");
    const where = addressText(this.connection.address);
    if (served === undefined)
      throw new UnsupportedVersionError(`The broker at ${where} does not support ${name}`);
    const version = Math.min(served.max, maxVersion);
    if (version >= served.min && version >= request.versions.min) return version;
    throw new UnsupportedVersionError(
      `The broker at ${where} supports ${name} in versions ${served.min} to ${served.max}, this client in ` +
        `${request.versions.min} to ${request.versions.max}`,
    );
  }

  /** Sends a request and resolves to its answer. Rejects with a NetworkError or an UnsupportedVersionError. */
  async send<Q extends Fields, R extends Fields>(
    request: Definition<Q>,
    response: Definition<R>,
    body: Body<Q>,
    {
      timeoutMs = this.config.requestTimeoutMs,
      maxVersion,
    }: { readonly timeoutMs?: number; readonly maxVersion?: number } = {},
  ): Promise<Decoded<Definition<R>>> {
    const version = this.version(request, maxVersion);
    return exchange(
      this.connection,
      this.config,
      request,
      response,
      version,
      bodyFor(body, version),
      timeoutMs,
    );
  }

  /** Sends a request that has no answer, and resolves when it is on its way. */
  async post<Q extends Fields>(request: Definition<Q>, body: Body<Q>): Promise<void> {
    const version = this.version(request);
    const id = this.connection.correlationId();
    this.connection.post(requestFrame(request, version, id, this.config.clientId, bodyFor(body, version)));
    await this.connection.sent();
  }

  close(): void {
    this.connection.close();
  }
}

function bodyFor<Q extends Fields>(body: Body<Q>, version: number): Encodable<Definition<Q>> {
  return typeof body === "function" ? body(version) : body;
}

/** Asks in the newest version; a broker that doesn't know it says in version 0 which ones it has (KIP-511). */
async function askForVersions(connection: Connection, config: ClientConfig): Promise<ApiVersions> {
  const body = { clientSoftwareName: config.softwareName, clientSoftwareVersion: config.softwareVersion };
  const ask = (version: number) =>
    exchange(
      connection,
      config,
      ApiVersionsRequest,
      ApiVersionsResponse,
      version,
      body,
      config.requestTimeoutMs,
    );
  const first = await ask(ApiVersionsRequest.versions.max);
  if (first.errorCode !== ErrorCode.UNSUPPORTED_VERSION) return first;
  const served = first.apiKeys.find(({ apiKey }) => apiKey === ApiVersionsRequest.key);
  return ask(Math.min(served?.maxVersion ?? 0, ApiVersionsRequest.versions.max));
}

async function exchange<Q extends Fields, R extends Fields>(
  connection: Connection,
  config: ClientConfig,
  request: Definition<Q>,
  response: Definition<R>,
  version: number,
  body: Encodable<Definition<Q>>,
  timeoutMs: number,
): Promise<Decoded<Definition<R>>> {
  const id = connection.correlationId();
  const frame = await connection.request(
    id,
    requestFrame(request, version, id, config.clientId, body),
    timeoutMs,
  );
  try {
    return readResponse(response, isRefusedVersion(response, frame) ? 0 : version, frame);
  } catch (error) {
    throw new NetworkError(`${addressText(connection.address)} sent ${response.name} malformed: ${error}`);
  }
}

const ERROR_CODE_AT = 4;

/** Whether a broker has refused the version of an ApiVersions request: it answers in version 0 then. */
function isRefusedVersion(response: Definition, frame: Buffer): boolean {
  return (
    response.key === ApiVersionsResponse.key &&
    frame.length >= ERROR_CODE_AT + 2 &&
    frame.readInt16BE(ERROR_CODE_AT) === ErrorCode.UNSUPPORTED_VERSION
  );
}
