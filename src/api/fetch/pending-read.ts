/**
 * A read that has not found enough yet: how much there is of each partition, looked at again one by one.
 */
import type { RequestContext } from "../context.ts";
import { recordsSize } from "./fetch-partition.ts";
import type { FetchParams } from "./params.ts";
import { type FetchRead, isUrgent, readPartition } from "./read.ts";

export class PendingRead {
  private readonly sizes: number[];
  private sizeInBytes: number;

  constructor(
    private readonly read: FetchRead,
    private readonly params: FetchParams,
    private readonly context: RequestContext,
  ) {
    this.sizes = read.answers.map(({ response }) => recordsSize(response));
    this.sizeInBytes = read.sizeInBytes;
  }

  /** Looks at one partition again, and says whether the fetch is to be answered now. */
  hasEnough(position: number): boolean {
    const target = this.read.answers[position]?.target;
    if (target === undefined) return false;
    const answer = readPartition(target, this.params.maxBytes, true, this.params, this.context);
    if (isUrgent(answer)) return true;
    const size = recordsSize(answer.response);
    this.sizeInBytes += size - (this.sizes[position] ?? 0);
    this.sizes[position] = size;
    return this.sizeInBytes >= this.params.minBytes;
  }
}
