/**
 * FindCoordinator (10). Which broker coordinates a group, and makes the groups' topic when it is asked for first.
 * Versions: 1 adds transactional ids; 2 as 1; 3 is flexible; 4 asks for several keys (KIP-699); 5 as 4; 6 adds share
 * partitions (KIP-932), which nobody coordinates here.
 */
import { GROUP_TOPIC } from "../group/group-topic.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { FindCoordinatorRequest, FindCoordinatorResponse } from "../protocol/messages/find-coordinator.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { TRANSACTION_TOPIC } from "../transaction/transaction-topic.ts";
import { advertisedAddress } from "./advertised-address.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { ensureCoordinatorTopic } from "./coordinator-topic.ts";
import { answerElement } from "./elements.ts";

type Request = Decoded<typeof FindCoordinatorRequest>;
type Response = Encodable<typeof FindCoordinatorResponse>;
type Coordinator = NonNullable<Response["coordinators"]>[number];

const FIRST_VERSION_WITH_SEVERAL_KEYS = 4;
const KeyType = { group: 0, transaction: 1, share: 2 } as const;

export const findCoordinator = api(FindCoordinatorRequest, FindCoordinatorResponse, {
  handle: (request, context) => answerAll(request, context, (key) => find(request.keyType, key, context)),
  fail: (request, error, context) => answerAll(request, context, (key) => failed(key, error)),
});

function answerAll(
  { key, coordinatorKeys }: Request,
  { apiVersion }: RequestContext,
  answer: (key: string) => Coordinator,
): Response {
  if (apiVersion >= FIRST_VERSION_WITH_SEVERAL_KEYS) return { coordinators: coordinatorKeys.map(answer) };
  const { errorMessage, ...one } = answer(key);
  // What Kafka's own code calls the error that is none.
  return { ...one, errorMessage: one.errorCode === ErrorCode.NONE ? "NONE" : (errorMessage ?? null) };
}

function find(keyType: number, key: string, context: RequestContext): Coordinator {
  return answerElement(
    `FindCoordinator of ${key}`,
    context,
    (): Coordinator => {
      prepare(keyType, key, context);
      const { nodeId } = context.broker.config();
      return { key, nodeId, ...advertisedAddress(context), errorCode: ErrorCode.NONE, errorMessage: "" };
    },
    (error) => failed(key, error),
  );
}

/** Gets a coordinator ready for the key. Throws where there is none. */
function prepare(keyType: number, key: string, context: RequestContext): void {
  switch (keyType) {
    case KeyType.group:
      ensureCoordinatorTopic(GROUP_TOPIC, context);
      context.broker.groups.prepare(key);
      break;
    case KeyType.transaction:
      ensureCoordinatorTopic(TRANSACTION_TOPIC, context);
      context.broker.transactions.prepare(key);
      break;
    case KeyType.share:
      throw new KafkaError("INVALID_REQUEST", "There is no coordinator of share groups.");
    default:
      throw new KafkaError("INVALID_REQUEST", `Unknown coordinator type received: ${keyType}`);
  }
}

function failed(key: string, { code, message }: KafkaError): Coordinator {
  // "Look for the coordinator" is no answer to who does.
  const errorCode = code === ErrorCode.NOT_COORDINATOR ? ErrorCode.COORDINATOR_NOT_AVAILABLE : code;
  return { key, nodeId: -1, host: "", port: -1, errorCode, errorMessage: message };
}
