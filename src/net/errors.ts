/**
 * The errors of the network part.
 */

/** The peer broke the protocol in a way that has no answer: its connection is closed, with this message in the log. */
export class ProtocolViolation extends Error {
  override readonly name = "ProtocolViolation";
}

/** Why a listener could not be opened. */
export type ListenErrorCode = "PORT_IN_USE" | "PERMISSION_DENIED" | "ADDRESS_NOT_AVAILABLE" | "CANNOT_LISTEN";

/** A listener could not be opened; the message names it, its address and port, and what to do. */
export class ListenError extends Error {
  override readonly name = "ListenError";

  constructor(
    readonly code: ListenErrorCode,
    message: string,
  ) {
    super(message);
  }
}
