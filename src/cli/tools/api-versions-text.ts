/**
 * What a broker serves, in the words of Kafka's kafka-broker-api-versions.
 */
import type { ApiVersions } from "../../client/broker-connection.ts";
import * as messages from "../../protocol/messages/index.ts";
import type { Definition, VersionRange } from "../../protocol/schema.ts";

/** What brokers and controllers say to each other; no client asks for it. */
const betweenBrokers = new Set([52, 53, 54, 56, 58, 59, 62, 63, 67, 70, 73, 82]);

export interface ServedApi {
  readonly key: number;
  /** null for an API that this client doesn't know. */
  readonly name: string | null;
  /** null for an API that the broker doesn't serve. */
  readonly versions: VersionRange | null;
  /** The highest version that both know. */
  readonly usable: number | null;
}

/** Every API that the broker serves or this client knows, by its key. */
export function servedApis({ apiKeys }: ApiVersions): ServedApi[] {
  const known = new Map(requests().map((request) => [request.key, request]));
  const served = new Map(apiKeys.map(({ apiKey, ...versions }) => [apiKey, versions]));
  return [...new Set([...known.keys(), ...served.keys()])]
    .sort((a, b) => a - b)
    .map((key) => servedApi(key, known.get(key), served.get(key)));
}

function servedApi(
  key: number,
  known: Definition | undefined,
  served: { minVersion: number; maxVersion: number } | undefined,
): ServedApi {
  const versions = served === undefined ? null : { min: served.minVersion, max: served.maxVersion };
  const usable = known === undefined || versions === null ? -1 : Math.min(versions.max, known.versions.max);
  const fits =
    known !== undefined && versions !== null && usable >= Math.max(versions.min, known.versions.min);
  return {
    key,
    name: known?.name.replace(/Request$/, "") ?? null,
    versions,
    usable: fits ? usable : null,
  };
}

/** One line an API, in brackets. */
export function apiVersionsText(apis: readonly ServedApi[]): string {
  return `(\n${apis.map((one) => `\t${apiText(one)}`).join(",\n")}\n)`;
}

function apiText({ key, name, versions, usable }: ServedApi): string {
  const label = `${name ?? "UNKNOWN"}(${key}): `;
  if (versions === null) return `${label}UNSUPPORTED`;
  const range = versions.min === versions.max ? `${versions.min}` : `${versions.min} to ${versions.max}`;
  if (name === null) return `${label}${range}`;
  return `${label}${range} [usable: ${usable ?? "none"}]`;
}

function requests(): Definition[] {
  return Object.values(messages).filter(
    (message) => message.kind === "request" && !betweenBrokers.has(message.key),
  );
}
