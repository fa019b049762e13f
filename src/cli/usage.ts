/**
 * What `houska --help` prints.
 */
import { commands } from "./commands.ts";

const commandLines = commands.map(({ name, summary }) => `  houska ${name.padEnd(19)} ${summary}\n`);

export const usage = `usage: houska [server.properties] [--override key=value ...]
       houska command ...

Runs a Kafka broker. The properties are Apache Kafka's (KRaft). Without a file: node 1, port 9092 on all interfaces,
data in /tmp/kraft-combined-logs.

  --override key=value   sets a property, stronger than the file; may be repeated
  --cluster-id ID        the cluster that the log directories must be of; new ones get this id
  --new-cluster-id ID    the id that new log directories get, whichever older ones have
  --announce kafka       says that it is ready with the lines that Apache Kafka has for it, too
  --log-level LEVEL      TRACE, DEBUG, INFO, WARN, ERROR or OFF; else KAFKA_LOG4J_ROOT_LOGLEVEL, or INFO
  --log-format FORMAT    text, or json for an object a line; else HOUSKA_LOG_FORMAT
  --version              prints the version
  --help                 prints this

Other commands, each with its own --help:

${commandLines.join("")}`;
