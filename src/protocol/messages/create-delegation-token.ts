/** CreateDelegationToken (38). Makes a delegation token (KIP-48). */
import { array, bytes, int16, int32, int64, request, response, string } from "../schema.ts";

export const CreateDelegationTokenRequest = request(
  "CreateDelegationTokenRequest",
  { key: 38, versions: "1-3", flexible: "2+" },
  () => ({
    ownerPrincipalType: string({ versions: "3+", nullable: "3+" }),
    ownerPrincipalName: string({ versions: "3+", nullable: "3+" }),
    renewers: array({
      principalType: string(),
      principalName: string(),
    }),
    maxLifetimeMs: int64(),
  }),
);

export const CreateDelegationTokenResponse = response(
  "CreateDelegationTokenResponse",
  { key: 38, versions: "1-3", flexible: "2+" },
  () => ({
    errorCode: int16(),
    principalType: string(),
    principalName: string(),
    tokenRequesterPrincipalType: string({ versions: "3+" }),
    tokenRequesterPrincipalName: string({ versions: "3+" }),
    issueTimestampMs: int64(),
    expiryTimestampMs: int64(),
    maxTimestampMs: int64(),
    tokenId: string(),
    hmac: bytes(),
    throttleTimeMs: int32(),
  }),
);
