/** UnregisterBroker (64). Takes a broker out of the cluster (KIP-631). */
import { int16, int32, request, response, string } from "../schema.ts";

export const UnregisterBrokerRequest = request(
  "UnregisterBrokerRequest",
  { key: 64, versions: "0", flexible: "0+" },
  () => ({
    brokerId: int32(),
  }),
);

export const UnregisterBrokerResponse = response(
  "UnregisterBrokerResponse",
  { key: 64, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
  }),
);
