/**
 * A JoinGroup on its way through the group.
 */
import type { JoinGroupRequest } from "../../protocol/messages/join-group.ts";
import type { Decoded } from "../../protocol/schema.ts";
import type { Requester } from "../environment.ts";
import { type JoinGroupReply, type MemberTerms, memberProtocols } from "./member.ts";
import type { PendingReply } from "./pending-reply.ts";

/** As much of a reason as Kafka's own clients send. */
const LOGGED_REASON_CHARACTERS = 255;

export type JoinGroup = Decoded<typeof JoinGroupRequest>;

/** A request to join, with who sent it and where its answer goes. */
export interface Joining {
  readonly request: JoinGroup;
  readonly requester: Requester;
  readonly pending: PendingReply<JoinGroupReply>;
}

/** What the member says of itself. Version 0 knows one time limit only. */
export function termsOf({ request, requester }: Joining): MemberTerms {
  const { rebalanceTimeoutMs, sessionTimeoutMs, protocols } = request;
  return {
    rebalanceTimeoutMs: requester.apiVersion === 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
    sessionTimeoutMs,
    protocols: memberProtocols(protocols),
  };
}

/** For the log: what made the client join or leave, as it says (KIP-800). */
export function clientReason(reason: string | null): string {
  return `client reason: ${JSON.stringify((reason || "not provided").slice(0, LOGGED_REASON_CHARACTERS))}`;
}
