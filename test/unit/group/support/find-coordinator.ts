/**
 * Looks for a group's coordinator, as every client does first: it makes the groups' topic.
 */
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../../src/protocol/messages/find-coordinator.ts";
import type { GroupBroker } from "../../../support/group-broker.ts";

export const FindCoordinator = [FindCoordinatorRequest, FindCoordinatorResponse] as const;

export async function lookFor(broker: GroupBroker, groupId: string): Promise<void> {
  const { coordinators } = await broker.ask(FindCoordinator, 6, { keyType: 0, coordinatorKeys: [groupId] });
  if (coordinators[0]?.errorCode !== 0) throw new Error(`no coordinator: ${coordinators[0]?.errorMessage}`);
}
