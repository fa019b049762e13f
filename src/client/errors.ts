/**
 * What can go wrong between a client and a broker besides the errors that a broker answers with.
 */

/** Nothing came of it on the way: what was sent may or may not have reached the broker. Trying again may help. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}

/** Time is up. The message says what the last try met with. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

/** The broker has no version of an API that this client knows. */
export class UnsupportedVersionError extends Error {
  override readonly name = "UnsupportedVersionError";
}

/** The client can't be made as it was asked for. */
export class ClientConfigError extends Error {
  override readonly name = "ClientConfigError";
}
