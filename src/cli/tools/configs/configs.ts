/**
 * kafka-configs: shows and changes configs of topics, brokers, groups and others.
 */
import { failureTextOfJava, ToolFailure } from "../../tool/failure.ts";
import { tool } from "../../tool/tool.ts";
import { alterConfigs } from "./alter.ts";
import { describeEntities } from "./describe.ts";
import { chosenAction, chosenEntities, configsOptions } from "./options.ts";

export const configs = tool({
  description:
    "Shows and changes the configs of topics, brokers, groups and subscriptions to clients' metrics.",
  options: configsOptions,
  json: true,
  async run(given, { connect, output, json }) {
    const entities = chosenEntities(given);
    const [entity] = entities;
    const action = chosenAction(given, entities);
    if (entity === undefined || ["users", "clients", "ips"].includes(entity.type)) {
      throw new ToolFailure(
        "Quotas and credentials (users, clients, ips) can't be shown or changed by this tool",
      );
    }
    const client = connect(given);
    if (action === "alter") await alterConfigs(client, { ...entity, name: entity.name ?? "" }, given, output);
    else await describeEntities(client, entity, given.all, output, json);
    return 0;
  },
  fail(error, output) {
    const text = failureTextOfJava(error);
    if (text === null) return false;
    const what = error instanceof ToolFailure ? "" : "Error while executing config command: ";
    output.complain(`${what}${text}`);
    return true;
  },
});
