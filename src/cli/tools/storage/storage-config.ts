/**
 * The configuration of the broker whose directories kafka-storage is about.
 */
import { StartError } from "../../../broker/start-error.ts";
import { ConfigError } from "../../../config/load.ts";
import type { ServerConfig } from "../../../config/server-config.ts";
import { loadConfig } from "../../load-config.ts";
import { ToolFailure } from "../../tool/failure.ts";

export const configOption = {
  config: {
    type: "string",
    takes: "server.properties",
    description: "The broker's properties file.",
    required: true,
    short: "c",
  },
} as const;

/**
 * Reads the properties file.
 *
 * @throws ToolFailure
 */
export async function storageConfig(
  path: string,
): Promise<{ config: ServerConfig; warnings: readonly string[] }> {
  try {
    return await loadConfig(path, []);
  } catch (error) {
    if (error instanceof ConfigError) throw new ToolFailure(`The configuration is wrong:\n${error.message}`);
    if (error instanceof StartError) throw new ToolFailure(error.message);
    throw error;
  }
}

/** The directories that belong to the broker. */
export function directoriesOf(config: ServerConfig): string[] {
  return [...new Set([...config.logDirs, config.metadataLogDir])].sort();
}
