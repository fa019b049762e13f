/**
 * Broker loggers, whose levels Kafka's clients can change while a broker runs (KIP-412). Houska logs at one level,
 * that of its start, and says so rather than to answer for loggers that there aren't.
 */
import { KafkaError } from "../protocol/errors.ts";

/** @throws KafkaError INVALID_REQUEST, always; with Kafka's message where the broker asked for isn't this one */
export function describeLoggers(brokerName: string, nodeId: number): never {
  if (brokerName === "") throw invalidRequest("Broker id must not be empty");
  const id = brokerId(brokerName, "Broker");
  if (id !== nodeId)
    throw invalidRequest(`Unexpected broker id, expected ${nodeId} but received ${brokerName}`);
  throw invalidRequest("This broker has no loggers with levels of their own.");
}

/** @throws KafkaError INVALID_REQUEST for another broker, INVALID_CONFIG for a change of any logger */
export function alterLoggers(brokerName: string, loggers: readonly string[], nodeId: number): void {
  const id = brokerId(brokerName, "Node");
  if (id !== nodeId)
    throw invalidRequest(`Unexpected node id. Expected ${nodeId}, but received ${brokerName}`);
  const [logger] = loggers;
  if (logger !== undefined) throw new KafkaError("INVALID_CONFIG", `Logger ${logger} does not exist!`);
}

/**
 * A broker's id as a resource's name says it.
 *
 * @throws KafkaError INVALID_REQUEST when that is no number
 */
export function brokerId(name: string, what: "Broker" | "Node"): number {
  if (/^[+-]?\d+$/.test(name)) return Number(name);
  throw invalidRequest(`${what} id must be an integer, but it is: ${name}`);
}

function invalidRequest(message: string): KafkaError {
  return new KafkaError("INVALID_REQUEST", message);
}
