/**
 * Replays a partition's log into a state machine, a slice at a time, so that a long log doesn't hold up the broker.
 */
import * as header from "../records/batch-header.ts";
import { ControlRecordType, controlRecordType } from "../records/control.ts";
import { RecordCursor } from "../records/record-cursor.ts";
import type { BatchView, CoordinatorLog, RecordCodec } from "./coordinator-log.ts";
import type { RecordPlace, StateMachine } from "./state-machine.ts";

interface MutablePlace extends RecordPlace {
  offset: number;
  timestampMs: number;
  producerId: bigint;
}

export class LogReplay<Record> {
  records = 0;
  /** Types of records that the codec doesn't know, with how many there were. */
  readonly unknownTypes = new Map<number, number>();
  private nextOffset: number | undefined;
  private readonly place: MutablePlace = { offset: -1, timestampMs: -1, producerId: header.NO_PRODUCER_ID };

  constructor(
    private readonly log: CoordinatorLog,
    private readonly codec: RecordCodec<Record>,
    private readonly state: StateMachine<Record>,
  ) {}

  /**
   * Goes on where the last slice ended, until the log ends (true) or `isOver`, asked after every batch, says that it
   * has been enough (false).
   *
   * @throws Error for a batch or a record that can't be read
   */
  slice(isOver: () => boolean): boolean {
    // From the offset anew each time: between two slices segments may be compacted or deleted.
    for (const batch of this.log.batches(this.nextOffset)) {
      if (header.lastOffset(batch.buffer, batch.at) < (this.nextOffset ?? 0)) continue;
      this.batch(batch);
      this.nextOffset = header.nextOffset(batch.buffer, batch.at);
      if (isOver()) return false;
    }
    return true;
  }

  private batch({ buffer, at }: BatchView): void {
    const attributes = header.attributes(buffer, at);
    const { place } = this;
    place.producerId = header.isTransactional(attributes)
      ? header.producerId(buffer, at)
      : header.NO_PRODUCER_ID;
    const cursor = new RecordCursor(buffer, at);
    const isControl = header.isControl(attributes);
    while (cursor.next()) {
      place.offset = cursor.offset;
      place.timestampMs = cursor.timestamp;
      if (isControl) this.marker(header.producerId(buffer, at), cursor.key());
      else this.record(cursor);
    }
  }

  private marker(producerId: bigint, key: Buffer | null): void {
    const type = controlRecordType(key);
    if (type === ControlRecordType.commit) this.state.replayTransactionEnd?.(producerId, "commit");
    else if (type === ControlRecordType.abort) this.state.replayTransactionEnd?.(producerId, "abort");
  }

  private record(cursor: RecordCursor): void {
    this.records++;
    const record = this.codec.decodePlain?.(cursor) ?? this.codec.decode(cursor.key(), cursor.value());
    if (typeof record === "number") {
      this.unknownTypes.set(record, (this.unknownTypes.get(record) ?? 0) + 1);
    } else this.state.replay(record, this.place);
  }
}
