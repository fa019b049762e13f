/**
 * ApiVersions (18). What this broker can do: the APIs of the registry with their versions, and the feature
 * levels of the cluster. 3 names the client's software (KIP-511), which must be well formed; 5 may say which node of
 * which cluster it means to reach, so that a client whose address leads elsewhere now learns of it (KIP-1242).
 */
import { ErrorCode } from "../protocol/errors.ts";
import { ApiVersionsRequest, ApiVersionsResponse } from "../protocol/messages/api-versions.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { type Api, type ApiTable, api } from "./api.ts";
import type { BrokerParts, RequestContext } from "./context.ts";
import { finalizedFeatures, supportedFeatures } from "./features.ts";

export const API_VERSIONS_KEY = ApiVersionsRequest.key;

type Request = Decoded<typeof ApiVersionsRequest>;
type Response = Encodable<typeof ApiVersionsResponse>;

/** KIP-511: what a client may call its software and its software's version. */
const softwarePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;
const FIRST_VERSION_WITH_SOFTWARE = 3;
/** Clients of older versions can't read a feature whose lowest level is 0 (KAFKA-17492). */
const FIRST_VERSION_WITH_LEVEL_ZERO = 4;
/** What a request says that means no node. */
const ANY_NODE = -1;

export const apiVersions = api(ApiVersionsRequest, ApiVersionsResponse, {
  handle(request, context) {
    const wrong = whyWrong(request, context);
    if (wrong !== ErrorCode.NONE) return failure(wrong);
    const { image } = context.broker.metadata;
    return {
      errorCode: ErrorCode.NONE,
      apiKeys: versionsOf(context.broker.apis),
      supportedFeatures: supportedFeatures.filter(
        ({ minVersion }) => minVersion > 0 || context.apiVersion >= FIRST_VERSION_WITH_LEVEL_ZERO,
      ),
      finalizedFeaturesEpoch: image.lastOffset,
      finalizedFeatures: finalizedFeatures(image.features),
    };
  },
  fail: (_request, error) => failure(error.code),
});

function whyWrong(request: Request, { apiVersion, broker }: RequestContext): ErrorCode {
  const { clientSoftwareName, clientSoftwareVersion } = request;
  if (
    apiVersion >= FIRST_VERSION_WITH_SOFTWARE &&
    !(softwarePattern.test(clientSoftwareName) && softwarePattern.test(clientSoftwareVersion))
  ) {
    return ErrorCode.INVALID_REQUEST;
  }
  const namesCluster = request.clusterId !== null;
  const namesNode = request.nodeId !== ANY_NODE;
  if (namesCluster !== namesNode) return ErrorCode.INVALID_REQUEST;
  return namesCluster && !isHere(request, broker) ? ErrorCode.REBOOTSTRAP_REQUIRED : ErrorCode.NONE;
}

/** Whether the node that a client means to reach is this one. */
function isHere({ clusterId, nodeId }: Request, { config, metadata }: BrokerParts): boolean {
  return clusterId === metadata.image.clusterId && nodeId === config().nodeId;
}

/** The answer to an ApiVersions request of a version that we don't have: in version 0, with those we have. */
export function unsupportedVersionAnswer(own: Api): Response {
  return { ...failure(ErrorCode.UNSUPPORTED_VERSION), apiKeys: versionsOf(new Map([[own.key, own]])) };
}

function versionsOf(apis: ApiTable): Response["apiKeys"] {
  return [...apis.values()]
    .sort((left, right) => left.key - right.key)
    .map(({ key, advertised }) => ({ apiKey: key, minVersion: advertised.min, maxVersion: advertised.max }));
}

function failure(errorCode: number): Response {
  return { errorCode, apiKeys: [] };
}
