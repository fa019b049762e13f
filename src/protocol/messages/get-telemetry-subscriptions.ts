/** GetTelemetrySubscriptions (71). Which metrics a client is asked for (KIP-714). */
import { array, boolean, int8, int16, int32, request, response, string, uuid } from "../schema.ts";

export const GetTelemetrySubscriptionsRequest = request(
  "GetTelemetrySubscriptionsRequest",
  { key: 71, versions: "0", flexible: "0+" },
  () => ({
    clientInstanceId: uuid(),
  }),
);

export const GetTelemetrySubscriptionsResponse = response(
  "GetTelemetrySubscriptionsResponse",
  { key: 71, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    acceptedCompressionTypes: array(int8()),
    pushIntervalMs: int32(),
    telemetryMaxBytes: int32(),
    deltaTemporality: boolean(),
    requestedMetrics: array(string()),
  }),
);
