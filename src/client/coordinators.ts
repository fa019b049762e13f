/**
 * Finds who coordinates a group or a transactional id.
 */
import { FindCoordinatorRequest, FindCoordinatorResponse } from "../protocol/messages/find-coordinator.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import { checkError } from "./check-error.ts";

export type CoordinatorType = "group" | "transaction";

const keyTypes: Readonly<Record<CoordinatorType, number>> = { group: 0, transaction: 1 };

/** The id of the broker that coordinates `key`. Rejects with a KafkaError while there is none, and a NetworkError. */
export async function findCoordinator(
  connection: BrokerConnection,
  type: CoordinatorType,
  key: string,
): Promise<number> {
  const answer = await connection.send(FindCoordinatorRequest, FindCoordinatorResponse, {
    key,
    keyType: keyTypes[type],
    coordinatorKeys: [key],
  });
  const [coordinator] = answer.coordinators.length > 0 ? answer.coordinators : [answer];
  checkError(coordinator?.errorCode ?? answer.errorCode, coordinator?.errorMessage);
  return coordinator?.nodeId ?? answer.nodeId;
}
