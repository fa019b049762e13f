/** PushTelemetry (72). A client's metrics (KIP-714). */
import { boolean, bytes, int8, int16, int32, request, response, uuid } from "../schema.ts";

export const PushTelemetryRequest = request(
  "PushTelemetryRequest",
  { key: 72, versions: "0", flexible: "0+" },
  () => ({
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    terminating: boolean(),
    compressionType: int8(),
    metrics: bytes(),
  }),
);

export const PushTelemetryResponse = response(
  "PushTelemetryResponse",
  { key: 72, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
  }),
);
