/** SaslHandshake (17). Chooses the mechanism by which a connection authenticates. */
import { array, int16, request, response, string } from "../schema.ts";

export const SaslHandshakeRequest = request(
  "SaslHandshakeRequest",
  { key: 17, versions: "0-1", flexible: "none" },
  () => ({
    mechanism: string(),
  }),
);

export const SaslHandshakeResponse = response(
  "SaslHandshakeResponse",
  { key: 17, versions: "0-1", flexible: "none" },
  () => ({
    errorCode: int16(),
    mechanisms: array(string()),
  }),
);
