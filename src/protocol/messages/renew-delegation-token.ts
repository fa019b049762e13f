/** RenewDelegationToken (39). Renews a delegation token (KIP-48). */
import { bytes, int16, int32, int64, request, response } from "../schema.ts";

export const RenewDelegationTokenRequest = request(
  "RenewDelegationTokenRequest",
  { key: 39, versions: "1-2", flexible: "2+" },
  () => ({
    hmac: bytes(),
    renewPeriodMs: int64(),
  }),
);

export const RenewDelegationTokenResponse = response(
  "RenewDelegationTokenResponse",
  { key: 39, versions: "1-2", flexible: "2+" },
  () => ({
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32(),
  }),
);
