/** Headers, and the messages that stand inside others, by name. */
export * from "./consumer-protocol-assignment.ts";
export * from "./consumer-protocol-subscription.ts";
export * from "./default-principal.ts";
export * from "./headers.ts";
export * from "./k-raft-version-record.ts";
export * from "./leader-change-message.ts";
export * from "./producer-snapshot.ts";
export * from "./snapshot-footer-record.ts";
export * from "./snapshot-header-record.ts";
export * from "./voters-record.ts";
