/** DescribeDelegationToken (41). The delegation tokens of owners (KIP-48). */
import { array, bytes, int16, int32, int64, request, response, string } from "../schema.ts";

export const DescribeDelegationTokenRequest = request(
  "DescribeDelegationTokenRequest",
  { key: 41, versions: "1-3", flexible: "2+" },
  () => ({
    owners: array(
      {
        principalType: string(),
        principalName: string(),
      },
      { nullable: "1+" },
    ),
  }),
);

export const DescribeDelegationTokenResponse = response(
  "DescribeDelegationTokenResponse",
  { key: 41, versions: "1-3", flexible: "2+" },
  () => ({
    errorCode: int16(),
    tokens: array({
      principalType: string(),
      principalName: string(),
      tokenRequesterPrincipalType: string({ versions: "3+" }),
      tokenRequesterPrincipalName: string({ versions: "3+" }),
      issueTimestamp: int64(),
      expiryTimestamp: int64(),
      maxTimestamp: int64(),
      tokenId: string(),
      hmac: bytes(),
      renewers: array({
        principalType: string(),
        principalName: string(),
      }),
    }),
    throttleTimeMs: int32(),
  }),
);
