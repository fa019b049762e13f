/**
 * The end of a connection: what a handler or the dispatcher throws when there is no answer to give.
 */

/** A request that can't be answered: the connection it came by is to be closed, with its message as the log line. */
export class UnanswerableRequest extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnanswerableRequest";
  }
}
