/** How far zstd frames reach, found without decoding them (RFC 8878, section 3.1). */

const MAGIC = 0xfd2fb528;
/** Sixteen magic numbers whose frames hold something else and are passed over. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const RLE = 1;
const RESERVED = 3;

/** Where the complete frames at the start of `bytes` end: 0 if there is none. */
export function zstdFramesEnd(bytes: Buffer): number {
  let end = 0;
  for (let next = frameEnd(bytes, 0); next > end && next <= bytes.length; next = frameEnd(bytes, end))
    end = next;
  return end;
}

/** Where the frame at `at` ends, possibly beyond the bytes; −1 if no frame begins there. */
function frameEnd(bytes: Buffer, at: number): number {
  if (at + 8 > bytes.length) return -1;
  const magic = bytes.readUInt32LE(at);
  if ((magic & 0xfffffff0) === SKIPPABLE_MAGIC) return at + 8 + bytes.readUInt32LE(at + 4);
  if (magic !== MAGIC) return -1;
  const descriptor = bytes.readUInt8(at + 4);
  let position = at + 5 + headerFieldsSize(descriptor);
  for (;;) {
    if (position + 3 > bytes.length) return -1;
    const block = bytes.readUIntLE(position, 3);
    const type = (block >> 1) & 3;
    if (type === RESERVED) return -1;
    position += 3 + (type === RLE ? 1 : block >> 3);
    if ((block & 1) === 1) break;
  }
  const hasChecksum = (descriptor & 0x04) !== 0;
  return position + (hasChecksum ? 4 : 0);
}

/** Bytes of window descriptor, dictionary id and content size, as the frame header's descriptor says. */
function headerFieldsSize(descriptor: number): number {
  const singleSegment = (descriptor & 0x20) !== 0;
  const windowSize = singleSegment ? 0 : 1;
  const dictionaryIdSize = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSizeSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return windowSize + dictionaryIdSize + contentSizeSize;
}
