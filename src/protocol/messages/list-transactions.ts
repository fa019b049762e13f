/** ListTransactions (66). The transactional ids of this broker (KIP-664). 1 filters by duration (KIP-994), 2 by pattern (KIP-1152). */
import { array, int16, int32, int64, request, response, string } from "../schema.ts";

export const ListTransactionsRequest = request(
  "ListTransactionsRequest",
  { key: 66, versions: "0-2", flexible: "0+" },
  () => ({
    stateFilters: array(string()),
    producerIdFilters: array(int64()),
    durationFilter: int64({ versions: "1+", default: -1n }),
    transactionalIdPattern: string({ versions: "2+", nullable: "2+", default: null }),
  }),
);

export const ListTransactionsResponse = response(
  "ListTransactionsResponse",
  { key: 66, versions: "0-2", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    unknownStateFilters: array(string()),
    transactionStates: array({
      transactionalId: string(),
      producerId: int64(),
      transactionState: string(),
    }),
  }),
);
