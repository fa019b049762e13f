/** AllocateProducerIds (67). A block of producer ids for a broker (KIP-730). */
import { int16, int32, int64, request, response } from "../schema.ts";

export const AllocateProducerIdsRequest = request(
  "AllocateProducerIdsRequest",
  { key: 67, versions: "0", flexible: "0+" },
  () => ({
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
  }),
);

export const AllocateProducerIdsResponse = response(
  "AllocateProducerIdsResponse",
  { key: 67, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerIdStart: int64(),
    producerIdLen: int32(),
  }),
);
