/**
 * The properties file that a broker in this container or on this machine was started with, where nobody names one.
 */
import { existsSync } from "node:fs";

/**
 * Where the container image writes it: under Confluent's name, or where all else is read-only, or else under Kafka's,
 * where one lies from the beginning.
 */
const places = [
  "/etc/kafka/kafka.properties",
  "/tmp/kafka/server.properties",
  "/opt/kafka/config/server.properties",
];

/** The file named, else the first of the usual ones that is there; undefined for the defaults. */
export function propertiesFileOf(named: string | undefined): string | undefined {
  return named ?? places.find((path) => existsSync(path));
}
