/** The topic in which transactional ids are kept: one record each, compacted. */
export const TRANSACTION_TOPIC = "__transaction_state";
