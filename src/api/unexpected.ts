/**
 * What becomes of an error that nobody meant to happen: a log line that names the request, and
 * UNKNOWN_SERVER_ERROR for the client.
 */
import { KafkaError } from "../protocol/errors.ts";
import type { RequestContext } from "./context.ts";

/**
 * The error to tell a client: `error` itself when it is one of Kafka's, else UNKNOWN_SERVER_ERROR, logged.
 *
 * @param what the request, or the part of it that failed, such as "Produce to orders-3"
 */
export function asKafkaError(error: unknown, what: string, context: RequestContext): KafkaError {
  if (error instanceof KafkaError) return error;
  const client = context.clientId === null ? "an unnamed client" : `client '${context.clientId}'`;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const request = `${what} (version ${context.apiVersion}, correlation id ${context.correlationId})`;
  context.broker.logger.error(`${request} of ${client} failed unexpectedly: ${trace}`);
  return new KafkaError(
    "UNKNOWN_SERVER_ERROR",
    "The server experienced an unexpected error when processing the request.",
  );
}
