/**
 * kafka-topics: creates, lists, describes, alters and deletes topics.
 */

import { failureText } from "../../tool/failure.ts";
import { tool } from "../../tool/tool.ts";
import { chosenTopics, existingTopics } from "./chosen-topics.ts";
import { chosenAction, topicsOptions } from "./options.ts";

export const topics = tool({
  description: "Creates, deletes, describes and changes topics.",
  options: topicsOptions,
  json: true,
  async run(given, { connect, output, json }) {
    const action = chosenAction(given);
    if (given["delete-config"].length > 0) {
      output.complain("delete-config does nothing since 4.0; kafka-configs removes configs");
    }
    const client = connect(given);
    const print = (text: string) => output.line(text);
    if (action === "list") {
      const names = await chosenTopics(client, given);
      print(json ? JSON.stringify(names) : names.join("\n"));
      return 0;
    }
    if (action === "describe") {
      const { describe } = await import("./describe.ts");
      await describe(client, given, json, print);
      return 0;
    }
    const changes = await import("./change.ts");
    if (action === "create") await changes.create(client, given, print);
    else if (action === "alter") await changes.alter(client, given, await existingTopics(client, given));
    else await changes.remove(client, await existingTopics(client, given));
    return 0;
  },
  fail(error, output) {
    const text = failureText(error);
    if (text !== null) output.line(`Error while executing topic command : ${text}`);
    return text !== null;
  },
});
