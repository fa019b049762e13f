import { expect, test } from "bun:test";
import { optionTable } from "../../../../src/cli/tool/usage.ts";

test("options are printed in two columns within 80, in the order of their names, as Kafka's tools do", () => {
  const table = optionTable({
    topic: {
      type: "string",
      takes: "topic",
      description: "The topic to create, alter, describe or delete.",
    },
    "bootstrap-server": {
      type: "string",
      takes: "server to connect to",
      description: "The broker.",
      required: true,
    },
    timeout: { type: "integer", takes: "ms", description: "How long.", default: "30000" },
    state: { type: "string", takes: "states", description: "The state.", optionalValue: true },
    list: { description: "List the topics.", short: "l" },
  });

  expect(table).toEqual([
    "Option                                   Description",
    "------                                   -----------",
    "--bootstrap-server <String: server to    REQUIRED: The broker.",
    "  connect to>",
    "-l, --list                               List the topics.",
    "--state [String]                         The state.",
    "--timeout <Integer: ms>                  How long. (default: 30000)",
    "--topic <String: topic>                  The topic to create, alter, describe or",
    "                                           delete.",
  ]);
});
