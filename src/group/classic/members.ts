/**
 * The members of a classic group, by member id and by instance id, with the counts that a rebalance asks for.
 */
import type { ClassicMember, JoinGroupReply, MemberTerms } from "./member.ts";
import type { PendingReply } from "./pending-reply.ts";

export class GroupMembers {
  /** In the order in which they came. */
  private readonly byId = new Map<string, ClassicMember>();
  private readonly idsByInstance = new Map<string, string>();
  /** How many members offer a protocol. */
  private readonly offers = new Map<string, number>();
  private awaitingJoin = 0;

  get size(): number {
    return this.byId.size;
  }

  /** How many have a JoinGroup that waits for the others. */
  get awaitingJoinCount(): number {
    return this.awaitingJoin;
  }

  [Symbol.iterator](): Iterator<ClassicMember> {
    return this.byId.values();
  }

  get(memberId: string): ClassicMember | undefined {
    return this.byId.get(memberId);
  }

  has(memberId: string): boolean {
    return this.byId.has(memberId);
  }

  /** The id of the static member with that instance id. */
  idOfInstance(groupInstanceId: string): string | undefined {
    return this.idsByInstance.get(groupInstanceId);
  }

  first(): ClassicMember | undefined {
    return this.byId.values().next().value;
  }

  /** Whether every member offers at least one of the protocols named. */
  allOfferOneOf(protocolNames: Iterable<string>): boolean {
    for (const name of protocolNames) if ((this.offers.get(name) ?? 0) === this.size) return true;
    return false;
  }

  /** The longest time that one of them grants itself to join again, in milliseconds; 0 without members. */
  rebalanceTimeoutMs(): number {
    let longestMs = 0;
    for (const { rebalanceTimeoutMs } of this) longestMs = Math.max(longestMs, rebalanceTimeoutMs);
    return longestMs;
  }

  /** Adds a member whose ids nobody has. */
  add(member: ClassicMember): void {
    const { memberId, groupInstanceId } = member;
    if (this.byId.has(memberId)) throw new Error(`${memberId} is a member already`);
    if (groupInstanceId !== null) {
      if (this.idsByInstance.has(groupInstanceId)) throw new Error(`${groupInstanceId} is a member already`);
      this.idsByInstance.set(groupInstanceId, memberId);
    }
    this.byId.set(memberId, member);
    this.count(member, 1);
  }

  remove(memberId: string): ClassicMember | undefined {
    const member = this.byId.get(memberId);
    if (member === undefined) return undefined;
    this.byId.delete(memberId);
    if (member.groupInstanceId !== null) this.idsByInstance.delete(member.groupInstanceId);
    this.count(member, -1);
    return member;
  }

  /** Takes over what a member says of itself when it joins again. */
  update(member: ClassicMember, terms: MemberTerms): void {
    this.countProtocols(member, -1);
    member.protocols = terms.protocols;
    this.countProtocols(member, 1);
    member.rebalanceTimeoutMs = terms.rebalanceTimeoutMs;
    member.sessionTimeoutMs = terms.sessionTimeoutMs;
  }

  /**
   * Lets a member's join wait. A join of its that waits already has been given up by the client, which sent this one:
   * it is told to join again, so that nothing waits for ever.
   */
  awaitJoin(member: ClassicMember, join: PendingReply<JoinGroupReply>, superseded: JoinGroupReply): void {
    this.answerJoin(member, superseded);
    member.awaitedJoin = join;
    this.awaitingJoin++;
  }

  /** Answers a member's waiting join; says whether there was one. */
  answerJoin(member: ClassicMember, reply: JoinGroupReply): boolean {
    if (member.awaitedJoin === undefined) return false;
    member.awaitedJoin.answer(reply);
    member.awaitedJoin = undefined;
    this.awaitingJoin--;
    return true;
  }

  private count(member: ClassicMember, by: 1 | -1): void {
    this.countProtocols(member, by);
    if (member.isAwaitingJoin) this.awaitingJoin += by;
  }

  private countProtocols({ protocols }: ClassicMember, by: 1 | -1): void {
    for (const { name } of protocols) {
      const count = (this.offers.get(name) ?? 0) + by;
      if (count === 0) this.offers.delete(name);
      else this.offers.set(name, count);
    }
  }
}
