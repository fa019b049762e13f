/**
 * Members of the classic protocol inside a consumer group (KIP-848), as they are while consumers are upgraded one by one.
 * The coordinator is their leader: it assigns them partitions as it does the others, and tells them in the words of the
 * classic protocol, where the member's epoch is the generation and REBALANCE_IN_PROGRESS means to come for the next step.
 */
export { heartbeatConsumerGroup } from "./classic-heartbeat.ts";
export { joinConsumerGroup } from "./classic-join.ts";
export { leaveConsumerGroup } from "./classic-leave.ts";
export { syncConsumerGroup } from "./classic-sync.ts";
