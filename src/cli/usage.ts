/**
 * What `houska --help` prints.
 */
import { commands } from "./commands.ts";

const commandLines = commands.map(({ name, summary }) => `  houska ${name.padEnd(18)} ${summary}\n`);

export const usage = `usage: houska [server.properties] [--override key=value ...]
       houska command ...

Runs a Kafka broker. The properties are Apache Kafka's (KRaft). Without a file: node 1, port 9092 on all interfaces,
data in /tmp/kraft-combined-logs.

  --override key=value   sets a property, stronger than the file; may be repeated
  --version              prints the version
  --help                 prints this

Other commands, each with its own --help:

${commandLines.join("")}`;
