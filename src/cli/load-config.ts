/**
 * The configuration that a properties file and `--override` arguments make.
 */
import { StartError } from "../broker/start-error.ts";
import { loadServerConfig } from "../config/load.ts";
import { messageOf } from "../metadata/metadata-error.ts";

/**
 * Reads the file, if there is one.
 *
 * @throws ConfigError when it is wrong, StartError when it can't be read
 */
export async function loadConfig(propertiesFile: string | undefined, overrides: readonly string[]) {
  if (propertiesFile === undefined) return loadServerConfig({ overrides });
  const file = { path: propertiesFile, text: await readText(propertiesFile) };
  return loadServerConfig({ file, overrides });
}

async function readText(path: string): Promise<string> {
  try {
    return await Bun.file(path).text();
  } catch (error) {
    throw new StartError(`${path} can't be read: ${messageOf(error)}`);
  }
}
