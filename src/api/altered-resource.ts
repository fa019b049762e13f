/**
 * The answer for one resource of AlterConfigs and IncrementalAlterConfigs.
 */
import { ErrorCode, type KafkaError } from "../protocol/errors.ts";
import { errorMessage } from "./error-message.ts";

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** What became of a resource: altered, or why it was not. */
export function alteredResource({ resourceType, resourceName }: Resource, error?: KafkaError) {
  return {
    errorCode: error?.code ?? ErrorCode.NONE,
    errorMessage: errorMessage(error),
    resourceType,
    resourceName,
  };
}
