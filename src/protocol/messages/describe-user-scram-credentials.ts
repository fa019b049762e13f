/** DescribeUserScramCredentials (50). Who has SCRAM credentials (KIP-554). */
import { array, int8, int16, int32, request, response, string } from "../schema.ts";

export const DescribeUserScramCredentialsRequest = request(
  "DescribeUserScramCredentialsRequest",
  { key: 50, versions: "0", flexible: "0+" },
  () => ({
    users: array(
      {
        name: string(),
      },
      { nullable: "0+" },
    ),
  }),
);

export const DescribeUserScramCredentialsResponse = response(
  "DescribeUserScramCredentialsResponse",
  { key: 50, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    results: array({
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
      credentialInfos: array({
        mechanism: int8(),
        iterations: int32(),
      }),
    }),
  }),
);
