/**
 * Variables of Confluent's image of long ago, which its later ones refuse.
 */
import { ConfigureError } from "./configure-error.ts";
import { isOfKubernetes } from "./property-name.ts";
import type { Environment } from "./settings.ts";

const refused = ["KAFKA_ADVERTISED_PORT", "KAFKA_ADVERTISED_HOST", "KAFKA_HOST", "KAFKA_PORT"];

/** Throws ConfigureError where one is set, unless Kubernetes has done it for a service called kafka. */
export function refuseOldVariables(environment: Environment): void {
  for (const variable of refused) {
    const value = environment[variable];
    if (!value || isOfKubernetes(variable, value)) continue;
    const config = variable.slice("KAFKA_".length).toLowerCase().replace("_", ".");
    throw new ConfigureError(
      `${config} is deprecated. Please use KAFKA_ADVERTISED_LISTENERS instead of ${variable}.`,
    );
  }
}
