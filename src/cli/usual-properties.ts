/**
 * The properties file that a broker in this container or on this machine was started with, where nobody names one.
 */
import { existsSync } from "node:fs";

/** Where the container image writes it: under Kafka's name, or under Confluent's, or where all else is read-only. */
const places = [
  "/opt/kafka/config/server.properties",
  "/etc/kafka/kafka.properties",
  "/tmp/kafka/server.properties",
];

/** The file named, else the first of the usual ones that is there; undefined for the defaults. */
export function propertiesFileOf(named: string | undefined): string | undefined {
  return named ?? places.find((path) => existsSync(path));
}
