/** Whether a batch is what was written. */
import { CRC_START, crc, HEADER_SIZE, sizeInBytes } from "./batch-header.ts";
import { crc32c } from "./crc32c.ts";

/** Whether the batch at `at` lies whole in the buffer; says nothing about what is in it. */
export function batchIsWhole(buffer: Buffer, at: number): boolean {
  const available = buffer.length - at;
  if (at < 0 || available < HEADER_SIZE) return false;
  const size = sizeInBytes(buffer, at);
  return size >= HEADER_SIZE && size <= available;
}

/** Whether the batch lies whole in the buffer and has the CRC32C it says it has. */
export function batchCrcIsValid(buffer: Buffer, at: number): boolean {
  return (
    batchIsWhole(buffer, at) &&
    crc(buffer, at) === crc32c(buffer, at + CRC_START, at + sizeInBytes(buffer, at))
  );
}
