/**
 * Which of the protocols that all members offer a group uses: each member votes for the one it likes best.
 */
import type { MemberProtocol } from "./member.ts";

interface Voter {
  readonly protocols: readonly MemberProtocol[];
}

/**
 * The protocol with the most votes; of several the one that was voted for first.
 *
 * @throws Error when the members have none in common, or there are no members
 */
export function selectProtocol(members: Iterable<Voter>): string {
  const voters = [...members];
  const candidates = commonProtocols(voters);
  const votes = new Map<string, number>();
  for (const { protocols } of voters) {
    const favourite = protocols.find(({ name }) => candidates.has(name));
    if (favourite !== undefined) votes.set(favourite.name, (votes.get(favourite.name) ?? 0) + 1);
  }
  let winner: string | undefined;
  let most = 0;
  for (const [name, count] of votes) {
    if (count <= most) continue;
    winner = name;
    most = count;
  }
  if (winner === undefined) throw new Error("the members of a group have no protocol in common");
  return winner;
}

function commonProtocols([first, ...others]: Voter[]): ReadonlySet<string> {
  const common = new Set(first?.protocols.map(({ name }) => name));
  for (const { protocols } of others) {
    for (const candidate of common) {
      if (!protocols.some(({ name }) => name === candidate)) common.delete(candidate);
    }
  }
  return common;
}
