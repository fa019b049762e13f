/** The errors of decompression: what a client is told whose batch can't be opened. */
import { KafkaError } from "../../protocol/errors.ts";

/** The bytes are not what their compression type says. A retry would not help, so not CORRUPT_MESSAGE. */
export function undecodable(codec: string, why: string): KafkaError {
  return new KafkaError("INVALID_RECORD", `The records can't be decompressed with ${codec}: ${why}`);
}

/** The bytes would expand beyond what the caller allows; a producer splits such a batch and sends it in pieces. */
export function expandsTooFar(codec: string, maxSize: number): KafkaError {
  return new KafkaError(
    "MESSAGE_TOO_LARGE",
    `The ${codec}-compressed records expand to more than ${maxSize} bytes.`,
  );
}
