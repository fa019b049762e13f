/**
 * UnregisterBroker (64). Takes a broker that is gone for good out of the metadata.
 */
import { ErrorCode } from "../protocol/errors.ts";
import { UnregisterBrokerRequest, UnregisterBrokerResponse } from "../protocol/messages/unregister-broker.ts";
import { api } from "./api.ts";
import { errorMessage } from "./error-message.ts";

export const unregisterBroker = api(UnregisterBrokerRequest, UnregisterBrokerResponse, {
  handle({ brokerId }, { broker }) {
    broker.metadata.controller.unregisterBroker(brokerId);
    return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, errorMessage: null };
  },
  fail: (_request, error) => ({
    throttleTimeMs: 0,
    errorCode: error.code,
    errorMessage: errorMessage(error),
  }),
});
