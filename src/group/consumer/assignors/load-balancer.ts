/**
 * Says whom the next partition of a topic goes to, and whom one is taken from, so that members come to have about the
 * same number. The members stand sorted by what they have; those with the least form a range that grows from the left
 * as it is filled up, those with the most a range that grows from the right as it is worn down.
 */
export class LoadBalancer {
  /** Members by index, those with fewer partitions first. */
  private members: number[] = [];
  private leastEnd = 0;
  /** How many partitions each member of the least loaded range had before this round through it. */
  private leastCount = -1;
  private nextLeast = 0;
  private mostStart = 0;
  /** Members right of it have nothing more to give. */
  private mostEnd = 0;
  private mostCount = 1;
  private nextMost = -1;

  /** @param sizes how many partitions each member has, by index; whoever moves partitions keeps it up to date */
  constructor(private readonly sizes: readonly number[]) {}

  /**
   * Begins with a topic's subscribers, at least one.
   *
   * @returns by how many partitions the one with the most exceeds the one with the least
   */
  begin(subscribers: readonly number[]): number {
    this.members = [...subscribers].sort((one, other) => this.size(one) - this.size(other) || one - other);
    const count = this.members.length;
    const least = this.sizeAt(0);
    const most = this.sizeAt(count - 1);
    this.leastEnd = 0;
    this.leastCount = least - 1;
    this.nextLeast = 0;
    this.mostStart = count;
    this.mostEnd = count;
    this.mostCount = most + 1;
    this.nextMost = count - 1;
    return most - least;
  }

  /** Who is to get the next partition; it is counted as given. */
  nextLeastLoaded(): number {
    if (this.nextLeast >= this.leastEnd) {
      this.leastCount++;
      while (this.leastEnd < this.members.length && this.sizeAt(this.leastEnd) === this.leastCount) {
        this.leastEnd++;
      }
      this.nextLeast = 0;
    }
    return this.memberAt(this.nextLeast++);
  }

  /** Who is to give up a partition next; it is counted as given up. Undefined where nobody has any to give. */
  nextMostLoaded(): number | undefined {
    if (this.nextMost < this.mostStart) {
      const isEmpty = this.mostEnd <= this.mostStart && this.mostStart > 0;
      this.mostCount = isEmpty ? this.sizeAt(this.mostStart - 1) : this.mostCount - 1;
      while (this.mostStart > 0 && this.sizeAt(this.mostStart - 1) === this.mostCount) this.mostStart--;
      this.nextMost = this.mostEnd - 1;
    }
    return this.nextMost < 0 ? undefined : this.memberAt(this.nextMost--);
  }

  /** Leaves out the member that `nextMostLoaded` has just named: it has no partition of the topic to give. */
  excludeMostLoaded(): void {
    const at = this.nextMost + 1;
    const excluded = this.memberAt(at);
    this.members[at] = this.memberAt(this.mostEnd - 1);
    this.members[this.mostEnd - 1] = excluded;
    this.mostEnd--;
  }

  get isBalanced(): boolean {
    return this.mostCount - this.leastCount <= 1;
  }

  private memberAt(position: number): number {
    const member = this.members[position];
    if (member === undefined) throw new Error(`no member at ${position} of ${this.members.length}`);
    return member;
  }

  private sizeAt(position: number): number {
    return this.size(this.memberAt(position));
  }

  private size(member: number): number {
    return this.sizes[member] ?? 0;
  }
}
