/**
 * The content of a `.snapshot` file: int16 version 1, uint32 CRC32C over what follows it, and the producers.
 */
import { decode, encode } from "../protocol/codec.ts";
import { ProducerSnapshot } from "../protocol/data/producer-snapshot.ts";
import { MalformedError } from "../protocol/malformed.ts";
import { crc32c } from "../records/crc32c.ts";
import { NO_OFFSET, ProducerEntry } from "./producer-entry.ts";

const VERSION = 1;
const VERSION_SIZE = 2;
const CRC_END = 6;

/** The bytes of a snapshot of these producers. */
export function encodeSnapshot(producers: Iterable<ProducerEntry>): Buffer {
  const sorted = [...producers].sort((a, b) => (a.producerId < b.producerId ? -1 : 1));
  const body = encode(ProducerSnapshot, VERSION, {
    crc: 0,
    producerEntries: sorted.map((entry) => ({
      producerId: entry.producerId,
      epoch: entry.epoch,
      lastSequence: entry.lastSequence,
      lastOffset: entry.lastOffset,
      offsetDelta: entry.batches.at(-1)?.offsetDelta ?? 0,
      // Not always a safe integer: it is what a client said.
      timestamp: BigInt(entry.lastTimestamp),
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTxnFirstOffset: entry.currentTransactionFirstOffset,
    })),
  });
  const bytes = Buffer.concat([Buffer.alloc(VERSION_SIZE), body]);
  bytes.writeInt16BE(VERSION, 0);
  bytes.writeUInt32BE(crc32c(bytes, CRC_END), VERSION_SIZE);
  return bytes;
}

/**
 * The producers in a snapshot. Of each the last batch only is known.
 *
 * @throws MalformedError when the bytes are not a snapshot, or not as they were written
 */
export function decodeSnapshot(bytes: Buffer): ProducerEntry[] {
  if (bytes.length < CRC_END || bytes.readInt16BE(0) !== VERSION) {
    throw new MalformedError("is not a producer snapshot of version 1");
  }
  const snapshot = decode(ProducerSnapshot, VERSION, bytes, VERSION_SIZE);
  if (snapshot.crc !== crc32c(bytes, CRC_END))
    throw new MalformedError("does not have the CRC it says it has");
  return snapshot.producerEntries.map((fields) => {
    const entry = new ProducerEntry(fields.producerId);
    const timestamp = Number(fields.timestamp);
    entry.epoch = fields.epoch;
    entry.coordinatorEpoch = fields.coordinatorEpoch;
    entry.currentTransactionFirstOffset = Math.max(NO_OFFSET, Number(fields.currentTxnFirstOffset));
    const lastOffset = Number(fields.lastOffset);
    if (lastOffset >= 0) {
      entry.addBatch({
        lastSequence: fields.lastSequence,
        lastOffset,
        offsetDelta: fields.offsetDelta,
        timestamp,
      });
    }
    entry.lastTimestamp = timestamp;
    return entry;
  });
}
