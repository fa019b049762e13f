/**
 * What a record batch tells a partition about producers and transactions.
 */
import { KafkaError } from "../protocol/errors.ts";
import * as header from "../records/batch-header.ts";
import { ControlRecordType, controlRecordType, coordinatorEpochOf } from "../records/control.ts";
import { RecordCursor } from "../records/record-cursor.ts";
import type { EndMarker, ProducerBatch } from "./producer-check.ts";
import type { CompletedTransaction, ProducerState } from "./producer-state.ts";

/** The fields of a batch that has a producer id. Allocates; not for batches without one. */
export function producerBatchAt(buffer: Buffer, at: number): ProducerBatch {
  return {
    producerId: header.producerId(buffer, at),
    epoch: header.producerEpoch(buffer, at),
    baseSequence: header.baseSequence(buffer, at),
    baseOffset: header.baseOffset(buffer, at),
    isTransactional: header.isTransactional(header.attributes(buffer, at)),
  };
}

/**
 * The marker in a control batch that has a producer id: undefined if compaction has removed it, or it is none, or it
 * can't be read (somebody wrote it so, and it is kept as it is).
 */
export function endMarkerAt(buffer: Buffer, at: number): EndMarker | undefined {
  const cursor = firstRecord(buffer, at);
  if (!cursor) return undefined;
  const type = controlRecordType(cursor.key());
  if (type !== ControlRecordType.commit && type !== ControlRecordType.abort) return undefined;
  return {
    producerId: header.producerId(buffer, at),
    epoch: header.producerEpoch(buffer, at),
    coordinatorEpoch: coordinatorEpochOf(cursor.value()),
    isCommit: type === ControlRecordType.commit,
    offset: header.baseOffset(buffer, at),
    timestamp: cursor.timestamp,
  };
}

function firstRecord(buffer: Buffer, at: number): RecordCursor | undefined {
  try {
    const cursor = new RecordCursor(buffer, at);
    return cursor.next() ? cursor : undefined;
  } catch (error) {
    if (error instanceof KafkaError) return undefined;
    throw error;
  }
}

/**
 * Tells `state` of a batch that is in the log: nothing is checked any more. A control batch must lie whole in the
 * buffer. Returns the transaction it ends, which the caller tells the transaction index and `completeTransaction`.
 */
export function applyBatch(
  state: ProducerState,
  buffer: Buffer,
  at: number,
): CompletedTransaction | undefined {
  let completed: CompletedTransaction | undefined;
  if (header.hasProducerId(buffer, at)) {
    if (header.isControl(header.attributes(buffer, at))) {
      const marker = endMarkerAt(buffer, at);
      if (marker) completed = state.addMarker(marker);
    } else {
      state.addBatch(producerBatchAt(buffer, at), {
        lastSequence: header.lastSequence(buffer, at),
        lastOffset: header.lastOffset(buffer, at),
        offsetDelta: header.lastOffsetDelta(buffer, at),
        timestamp: header.maxTimestamp(buffer, at),
      });
    }
  }
  state.endOffset = header.nextOffset(buffer, at);
  return completed;
}
