/**
 * Who a member id stands for. A static member has many in its life; what is written of one of them holds for all.
 */

/** The instance id of a static member (they begin with "static"), the member id of another. */
export function identityOf(memberId: string): string {
  return memberId.startsWith("static") ? (memberId.split("-")[0] ?? memberId) : memberId;
}
