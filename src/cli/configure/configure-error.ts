/**
 * The environment of a container can't be made a configuration. The message is for the person who wrote it.
 */
export class ConfigureError extends Error {
  override readonly name = "ConfigureError";
}
