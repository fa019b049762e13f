/**
 * The assignors that the broker's configuration offers (`group.consumer.assignors`), by name or by Kafka's class.
 */
import type { GroupConfig } from "../../environment.ts";
import type { Assignor } from "./assignor.ts";
import { rangeAssignor } from "./range.ts";
import { uniformAssignor } from "./uniform.ts";

const PACKAGE = "org.apache.kafka.coordinator.group.assignor.";

const known = new Map<string, Assignor>([
  ["uniform", uniformAssignor],
  [`${PACKAGE}UniformAssignor`, uniformAssignor],
  ["range", rangeAssignor],
  [`${PACKAGE}RangeAssignor`, rangeAssignor],
]);

/** Those that there are, the default first. */
export function configuredAssignors({ groupConsumerAssignors }: GroupConfig): Assignor[] {
  return groupConsumerAssignors.flatMap((name) => known.get(name) ?? []);
}

/** The assignor for groups whose members don't ask for one. */
export function defaultAssignor(config: GroupConfig): Assignor {
  return configuredAssignors(config)[0] ?? uniformAssignor;
}
