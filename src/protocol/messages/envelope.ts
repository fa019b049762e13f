/** Envelope (58). A request that one broker forwards for a client (KIP-590). */
import { bytes, int16, request, response } from "../schema.ts";

export const EnvelopeRequest = request("EnvelopeRequest", { key: 58, versions: "0", flexible: "0+" }, () => ({
  requestData: bytes(),
  requestPrincipal: bytes({ nullable: "0+" }),
  clientHostAddress: bytes(),
}));

export const EnvelopeResponse = response(
  "EnvelopeResponse",
  { key: 58, versions: "0", flexible: "0+" },
  () => ({
    responseData: bytes({ nullable: "0+", default: null }),
    errorCode: int16(),
  }),
);
