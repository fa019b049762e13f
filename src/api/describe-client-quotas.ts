/**
 * DescribeClientQuotas (48). The quotas that the metadata has for users, clients and addresses (KIP-546): those that
 * Apache Kafka wrote when it had the directory.
 */
import type { ClientQuotaImage } from "../metadata/image/client-quotas-image.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from "../protocol/messages/describe-client-quotas.ts";
import type { Decoded } from "../protocol/schema.ts";
import { api } from "./api.ts";
import { errorMessage } from "./error-message.ts";

type Component = Decoded<typeof DescribeClientQuotasRequest>["components"][number];

const MatchType = { exact: 0, default: 1, specified: 2 } as const;

/** Which entities are wanted: a name for a type, null for its default, and types whose names don't matter. */
interface Filter {
  readonly exact: ReadonlyMap<string, string | null>;
  readonly any: ReadonlySet<string>;
  /** Entities with other types besides don't count. */
  readonly strict: boolean;
}

export const describeClientQuotas = api(DescribeClientQuotasRequest, DescribeClientQuotasResponse, {
  handle({ components, strict }, { broker }) {
    const filter = filterOf(components, strict);
    const found = [...broker.metadata.image.clientQuotas.all()].filter((quota) => matches(quota, filter));
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      errorMessage: "",
      entries: found.map(({ entity, quotas }) => ({
        entity,
        values: [...quotas].map(([key, value]) => ({ key, value })),
      })),
    };
  },
  fail: (_request, error) => ({
    throttleTimeMs: 0,
    errorCode: error.code,
    errorMessage: errorMessage(error),
    entries: null,
  }),
});

function filterOf(components: readonly Component[], strict: boolean): Filter {
  const exact = new Map<string, string | null>();
  const any = new Set<string>();
  for (const { entityType, matchType, match } of components) {
    if (entityType === "") throw invalid("Invalid empty entity type.");
    if (exact.has(entityType) || any.has(entityType)) {
      throw invalid(`Entity type ${entityType} cannot appear more than once in the filter.`);
    }
    if (!["user", "client-id", "ip"].includes(entityType)) {
      throw new KafkaError("UNSUPPORTED_VERSION", `Unsupported entity type ${entityType}`);
    }
    checkMatch(matchType, match);
    if (matchType === MatchType.specified) any.add(entityType);
    else exact.set(entityType, match);
  }
  const names = [...exact.keys(), ...any];
  if (names.includes("ip") && names.length > 1) {
    throw invalid(
      "Invalid entity filter component combination. IP filter component should not be used with user or clientId " +
        "filter component.",
    );
  }
  return { exact, any, strict };
}

function checkMatch(matchType: number, match: string | null): void {
  if (matchType === MatchType.exact) {
    if (match !== null) return;
    throw invalid("Request specified MATCH_TYPE_EXACT, but set match string to null.");
  }
  if (matchType !== MatchType.default && matchType !== MatchType.specified) {
    throw invalid(`Unknown match type ${matchType}`);
  }
  if (match === null) return;
  const name = matchType === MatchType.default ? "MATCH_TYPE_DEFAULT" : "MATCH_TYPE_SPECIFIED";
  throw invalid(`Request specified ${name}, but also specified a match string.`);
}

function matches({ entity }: ClientQuotaImage, { exact, any, strict }: Filter): boolean {
  const names = new Map(entity.map(({ entityType, entityName }) => [entityType, entityName]));
  for (const [type, name] of exact) if (!names.has(type) || names.get(type) !== name) return false;
  for (const type of any) if (!names.has(type)) return false;
  return !strict || names.size === exact.size + any.size;
}

function invalid(message: string): KafkaError {
  return new KafkaError("INVALID_REQUEST", message);
}
