/**
 * Hands out producer ids, one at a time, from blocks that the controller gives and the metadata log remembers:
 * after a restart the rest of a block is lost, and no id is ever given twice (KIP-730).
 */
interface Block {
  readonly firstProducerId: bigint;
  readonly count: number;
}

export class ProducerIds {
  private next = 0n;
  private end = 0n;

  constructor(private readonly allocateBlock: () => Block) {}

  /** A producer id that nobody has had. Throws what the controller throws when it can't write. */
  take(): bigint {
    if (this.next === this.end) {
      const block = this.allocateBlock();
      this.next = block.firstProducerId;
      this.end = block.firstProducerId + BigInt(block.count);
    }
    return this.next++;
  }
}
