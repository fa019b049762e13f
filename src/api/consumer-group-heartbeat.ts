/**
 * ConsumerGroupHeartbeat (68). Joins, keeps and leaves a consumer group, and carries its assignments (KIP-848).
 * Versions: 1 lets the client choose its member id, and subscribe by a regular expression.
 */
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from "../protocol/messages/consumer-group-heartbeat.ts";
import { api } from "./api.ts";
import { requireConsumerProtocol } from "./consumer-protocol.ts";
import { requesterOf } from "./requester.ts";

export const consumerGroupHeartbeat = api(ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, {
  handle: (request, context) =>
    requireConsumerProtocol(context).groups.consumerGroupHeartbeat(request, requesterOf(context)),
  fail: (_request, { code, message }) => ({
    throttleTimeMs: 0,
    errorCode: code,
    errorMessage: message,
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
  }),
});
