/**
 * EndTxn (26). Commits or aborts a transaction. Versions: 2 knows PRODUCER_FENCED (KIP-588); 3 is flexible; 4 knows
 * TRANSACTION_ABORTABLE; 5 gives the producer a new epoch, or a new id when its epochs are used up (KIP-890 part 2).
 *
 * It is answered when the end is decided and has been written into the partitions, as far as that could be done at once.
 */
import { EndTxnRequest, EndTxnResponse } from "../protocol/messages/end-txn.ts";
import { api } from "./api.ts";
import { answerWith, answerWithout } from "./producer-answer.ts";

const FIRST_VERSION_WITH_FENCED = 2;
const FIRST_VERSION_WITH_NEW_EPOCH = 5;

export const endTxn = api(EndTxnRequest, EndTxnResponse, {
  handle({ committed, ...producer }, { apiVersion, broker }) {
    const result = committed ? "commit" : "abort";
    const clientTransactionVersion = apiVersion >= FIRST_VERSION_WITH_NEW_EPOCH ? 2 : 0;
    const done = broker.transactions.endTransaction({ ...producer, result, clientTransactionVersion });
    return done instanceof Promise ? done.then(answerWith) : answerWith(done);
  },
  fail(_request, error, { apiVersion }) {
    return answerWithout(error, apiVersion >= FIRST_VERSION_WITH_FENCED);
  },
});
