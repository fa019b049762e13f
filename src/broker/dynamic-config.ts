/**
 * The broker's configuration with what the metadata says of it: configs that were altered while it ran, for this
 * broker and for all brokers.
 */
import type { ServerConfig } from "../config/server-config.ts";
import type { ClusterImage } from "../metadata/image/cluster-image.ts";
import type { Logger } from "../observe/logger.ts";

const BROKER_RESOURCE = 4;
/** The resource name that stands for all brokers. */
const EVERY_BROKER = "";

export class DynamicConfig {
  private now: ServerConfig;

  constructor(
    /** What the properties file and the arguments say. */
    private readonly fixed: ServerConfig,
    private readonly logger: Logger,
  ) {
    this.now = fixed;
  }

  /** The configuration as it is now. */
  get current(): ServerConfig {
    return this.now;
  }

  /** Takes over what the metadata says now. What can't be applied is named in the log, and left out. */
  follow(image: ClusterImage): void {
    const own = image.configs(BROKER_RESOURCE, String(this.fixed.nodeId));
    const everybodys = image.configs(BROKER_RESOURCE, EVERY_BROKER);
    if (own.size === 0 && everybodys.size === 0) {
      this.now = this.fixed;
      return;
    }
    this.now = this.fixed.withDynamic(own, everybodys);
    for (const sentence of this.now.ignoredDynamicConfigs) this.logger.warn(sentence);
  }
}
