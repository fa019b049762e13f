/**
 * The names of a classic group's timers. Lengths stand in them because ids may hold any character.
 */

/** Until when a member has to be heard of. */
export function sessionTimer(groupId: string, memberId: string): string {
  return `classic session ${groupId.length} ${groupId} ${memberId}`;
}

/** Until when the members have to join again, or how long an initial rebalance still takes. */
export function joinTimer(groupId: string): string {
  return `classic join ${groupId}`;
}

/** Until when the members of a generation have to send their SyncGroup. */
export function syncTimer(groupId: string): string {
  return `classic sync ${groupId}`;
}
