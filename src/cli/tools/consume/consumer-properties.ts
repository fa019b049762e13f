/**
 * A consumer's properties by the options of kafka-console-consumer.
 */
import { WrongUse } from "../../command.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { mergedProperties } from "../../tool/properties.ts";

/** What was given for the options that stand for a property. */
export interface GivenForConsumer {
  readonly "command-config": string | undefined;
  readonly "consumer.config": string | undefined;
  readonly "command-property": readonly string[];
  readonly "consumer-property": readonly string[];
  readonly group: string | undefined;
  readonly partition: number | undefined;
  readonly "from-beginning": boolean;
  readonly "isolation-level": string;
}

/** @throws WrongUse, ToolFailure */
export function consumerProperties(given: GivenForConsumer): Map<string, string> {
  const fromFile = mergedProperties(given["command-config"] ?? given["consumer.config"], []);
  const fromWords = mergedProperties(undefined, [
    ...given["consumer-property"],
    ...given["command-property"],
  ]);
  const properties = new Map([...fromFile, ...fromWords]);
  const groups = new Set(
    [given.group, fromFile.get("group.id"), fromWords.get("group.id")].filter((id) => id !== undefined),
  );
  checkGroups([...groups], given.partition);
  for (const group of groups) properties.set("group.id", group);
  setOffsetReset(properties, given["from-beginning"]);
  if (!properties.has("client.id")) properties.set("client.id", "console-consumer");
  // The option has a default, which counts only where no property says otherwise.
  if (!properties.has("isolation.level") || given["isolation-level"] !== "read_uncommitted") {
    properties.set("isolation.level", given["isolation-level"]);
  }
  return properties;
}

function checkGroups(groups: readonly string[], partition: number | undefined): void {
  if (groups.length > 1) {
    const detected = groups.map((group) => `'${group}'`).join(", ");
    throw new WrongUse(
      "The group ids provided in different places (directly using '--group', via '--command-property', or via " +
        `'--command-config') do not match. Detected group ids: ${detected}`,
    );
  }
  if (groups.length > 0 && partition !== undefined) {
    throw new WrongUse("Options group and partition cannot be specified together.");
  }
}

function setOffsetReset(properties: Map<string, string>, fromBeginning: boolean): void {
  const reset = properties.get("auto.offset.reset");
  if (reset === undefined) properties.set("auto.offset.reset", fromBeginning ? "earliest" : "latest");
  else if (fromBeginning && reset !== "earliest") {
    throw new ToolFailure(
      `Can't simultaneously specify --from-beginning and 'auto.offset.reset=${reset}', please remove one option`,
    );
  }
}
