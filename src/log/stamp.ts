/**
 * Making batches what the topic wants them to be before they are appended: compressed its way, with its kind of
 * timestamps. Mostly they are already, and nothing happens.
 */

import type { LogConfig } from "../config/topic-config.ts";
import { KafkaError } from "../protocol/errors.ts";
import * as header from "../records/batch-header.ts";
import { CompressionType } from "../records/compression/codec.ts";
import { crc32c } from "../records/crc32c.ts";
import { recompressBatch } from "../records/recompress.ts";
import { stampLogAppendTime } from "../records/timestamps.ts";

/**
 * The batches as the topic wants them: `batches` itself, changed in place where times are concerned, or a copy if
 * their compression changes.
 *
 * @param now the time of the append in milliseconds
 * @throws KafkaError when a batch can't be opened, or MESSAGE_TOO_LARGE when it has become too large
 */
export function prepareBatches(batches: Buffer, config: LogConfig, name: string, now: number): Buffer {
  const compressed = config.compressionType === "producer" ? batches : recompress(batches, config, name);
  const byAppendTime = config.messageTimestampType === "LogAppendTime";
  for (let at = 0; at < compressed.length; at += header.sizeInBytes(compressed, at)) {
    if (byAppendTime) stampLogAppendTime(compressed, at, now);
    else if ((header.attributes(compressed, at) & header.LOG_APPEND_TIME_FLAG) !== 0)
      clearAppendTime(compressed, at);
  }
  return compressed;
}

/** A producer said its records have the time of the append; in a CreateTime topic they have their own. */
function clearAppendTime(batches: Buffer, at: number): void {
  header.setAttributes(batches, at, header.attributes(batches, at) & ~header.LOG_APPEND_TIME_FLAG);
  header.setCrc(batches, at, crc32c(batches, at + header.CRC_START, at + header.sizeInBytes(batches, at)));
}

function recompress(batches: Buffer, config: LogConfig, name: string): Buffer {
  const wanted = wantedCompression(config);
  const parts: Buffer[] = [];
  let changed = false;
  for (let at = 0; at < batches.length; at += header.sizeInBytes(batches, at)) {
    const size = header.sizeInBytes(batches, at);
    const attributes = header.attributes(batches, at);
    // Brokers' own marks stay as they were written.
    if (header.compressionType(attributes) === wanted.type || header.isControl(attributes)) {
      parts.push(batches.subarray(at, at + size));
      continue;
    }
    const batch = recompressBatch(batches, at, wanted.type, wanted.level, config.maxDecompressedMessageBytes);
    if (batch.length > config.maxMessageBytes) {
      throw new KafkaError(
        "MESSAGE_TOO_LARGE",
        `Message batch size is ${batch.length} bytes in append to partition ${name} which exceeds the maximum configured size of ${config.maxMessageBytes}.`,
      );
    }
    parts.push(batch);
    changed = true;
  }
  const [only] = parts;
  if (!changed) return batches;
  return parts.length === 1 && only ? only : Buffer.concat(parts);
}

function wantedCompression(config: LogConfig): { type: CompressionType; level?: number } {
  switch (config.compressionType) {
    case "gzip":
      return { type: CompressionType.gzip, level: config.compressionGzipLevel };
    case "snappy":
      return { type: CompressionType.snappy };
    case "lz4":
      return { type: CompressionType.lz4, level: config.compressionLz4Level };
    case "zstd":
      return { type: CompressionType.zstd, level: config.compressionZstdLevel };
    default:
      return { type: CompressionType.none };
  }
}
