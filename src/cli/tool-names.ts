/**
 * `houska tool-names`: by which names of Kafka's tools the executable answers. Whoever installs it makes a link for
 * each.
 */
import { type Command, WrongUse } from "./command.ts";
import { commands } from "./commands.ts";

const usage = `usage: houska tool-names

Prints the names of Kafka's tools that the executable is when it is called by them, a line each: a link to it, with
.sh behind its name or without, is that tool.
`;

export const toolNames: Command = {
  usage,
  async run(words, output) {
    if (words[0] !== undefined) throw new WrongUse(`${words[0]} is not expected`);
    for (const { kafkaName } of commands) if (kafkaName !== undefined) output.line(kafkaName);
    return 0;
  },
};
