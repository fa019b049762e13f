/**
 * Changing configs.
 */

import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient, Target } from "../../../client/client.ts";
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../../protocol/messages/incremental-alter-configs.ts";
import type { Output } from "../../output.ts";
import { readProperties } from "../../tool/connect.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { ask } from "../admin/ask.ts";
import { resourceType, singular } from "./describe.ts";
import type { ConfigsGiven, EntityType } from "./options.ts";

const Operation = { set: 0, delete: 1 } as const;

interface NamedEntity {
  readonly type: EntityType;
  /** "" for the defaults. */
  readonly name: string;
}

/** Sets and deletes the configs that the options name. */
export async function alterConfigs(
  client: KafkaClient,
  { type, name }: NamedEntity,
  given: ConfigsGiven,
  output: Output,
): Promise<void> {
  const file = given["add-config-file"];
  const added = file === undefined ? parseConfigs(given["add-config"] ?? "") : readProperties(file);
  for (const key of added.keys()) {
    if (!/^[a-zA-Z0-9._-]*$/.test(key))
      throw new ToolFailure(`Invalid character found for config key: ${key}`);
  }
  const configs = [
    ...[...added].map(([key, value]) => ({ name: key, configOperation: Operation.set, value })),
    ...given["delete-config"]
      .flat()
      .map((key) => ({ name: key.trim(), configOperation: Operation.delete, value: null })),
  ];
  await ask(client, async () => {
    const { responses } = await client.sendOnce(
      targetOf({ type, name }),
      IncrementalAlterConfigsRequest,
      IncrementalAlterConfigsResponse,
      { resources: [{ resourceType: resourceType(type), resourceName: name, configs }], validateOnly: false },
    );
    for (const { errorCode, errorMessage } of responses) checkError(errorCode, errorMessage);
  });
  if (name === "") output.line(`Completed updating default config for ${type} in the cluster.`);
  else output.line(`Completed updating config for ${singular(type)} ${name}.`);
}

/** A broker's own configs are changed by that broker, as it can tell whether they suit it. */
function targetOf({ type, name }: NamedEntity): Target {
  const ofBroker = type === "brokers" || type === "broker-loggers";
  return ofBroker && /^\d+$/.test(name) ? { node: Number(name) } : "controller";
}

/**
 * Configs of `k1=v1,k2=[v1,v2],k3=v3`.
 *
 * @throws ToolFailure
 */
export function parseConfigs(text: string): Map<string, string> {
  if (text === "") return new Map();
  const outsideOfBrackets = "(?=[^\\]]*(?:\\[|$))";
  const pairs = text
    .split(new RegExp(`,${outsideOfBrackets}`))
    .map((pair) => pair.split(new RegExp(`\\s*=\\s*${outsideOfBrackets}`)));
  if (pairs.some((pair) => pair.length !== 2)) {
    throw new ToolFailure(
      'requirement failed: Invalid entity config: all configs to be added must be in the format "key=val" or  ' +
        '"key=[val1,val2]" to group values which contain commas.',
    );
  }
  return new Map(pairs.map(([key = "", value = ""]) => [key.trim(), value.replace(/[[\]]/g, "").trim()]));
}
