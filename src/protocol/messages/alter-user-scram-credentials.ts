/** AlterUserScramCredentials (51). Changes SCRAM credentials (KIP-554). */
import { array, bytes, int8, int16, int32, request, response, string } from "../schema.ts";

export const AlterUserScramCredentialsRequest = request(
  "AlterUserScramCredentialsRequest",
  { key: 51, versions: "0", flexible: "0+" },
  () => ({
    deletions: array({
      name: string(),
      mechanism: int8(),
    }),
    upsertions: array({
      name: string(),
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
      saltedPassword: bytes(),
    }),
  }),
);

export const AlterUserScramCredentialsResponse = response(
  "AlterUserScramCredentialsResponse",
  { key: 51, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    results: array({
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
    }),
  }),
);
