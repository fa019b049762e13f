/** ExpireDelegationToken (40). Ends a delegation token (KIP-48). */
import { bytes, int16, int32, int64, request, response } from "../schema.ts";

export const ExpireDelegationTokenRequest = request(
  "ExpireDelegationTokenRequest",
  { key: 40, versions: "1-2", flexible: "2+" },
  () => ({
    hmac: bytes(),
    expiryTimePeriodMs: int64(),
  }),
);

export const ExpireDelegationTokenResponse = response(
  "ExpireDelegationTokenResponse",
  { key: 40, versions: "1-2", flexible: "2+" },
  () => ({
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32(),
  }),
);
