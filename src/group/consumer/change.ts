/**
 * What an operation is about to change in a consumer group: the records it writes, and what follows when they are in
 * the log and replayed. Where they can't be written nothing follows: the request fails, and comes again.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";

export class Change {
  private readonly records: GroupRecord[] = [];
  private readonly followUps: (() => void)[] = [];

  constructor(
    readonly shard: GroupShard,
    readonly nowMs: number,
  ) {}

  write(...records: readonly GroupRecord[]): void {
    this.records.push(...records);
  }

  /** Has something done once the records are in: timers set, those answered who wait. */
  afterwards(followUp: () => void): void {
    this.followUps.push(followUp);
  }

  outcome<Reply>(reply: Reply): Outcome<GroupRecord, Reply> {
    return {
      records: this.records,
      reply,
      afterwards: (failure) => {
        if (failure === undefined) for (const followUp of this.followUps) followUp();
      },
    };
  }
}
