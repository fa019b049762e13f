/** SaslAuthenticate (36). One step of authentication. 1 adds the session's lifetime (KIP-368). */
import { bytes, int16, int64, request, response, string } from "../schema.ts";

export const SaslAuthenticateRequest = request(
  "SaslAuthenticateRequest",
  { key: 36, versions: "0-2", flexible: "2+" },
  () => ({
    authBytes: bytes(),
  }),
);

export const SaslAuthenticateResponse = response(
  "SaslAuthenticateResponse",
  { key: 36, versions: "0-2", flexible: "2+" },
  () => ({
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    authBytes: bytes(),
    sessionLifetimeMs: int64({ versions: "1+" }),
  }),
);
