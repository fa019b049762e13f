/**
 * The configs of topics as they are now. Asked at every append, so they are kept until the metadata or the
 * broker's own configs change.
 */
import type { ServerConfig } from "../config/server-config.ts";
import { type LogConfig, logConfigFrom } from "../config/topic-config.ts";
import type { ClusterImage } from "../metadata/image/cluster-image.ts";

const TOPIC_RESOURCE = 2;

export class TopicConfigs {
  private readonly kept = new Map<string, LogConfig>();
  private keptForVersion = -1;
  private keptForConfig: ServerConfig | undefined;

  constructor(
    private readonly image: ClusterImage,
    private readonly serverConfig: () => ServerConfig,
  ) {}

  /** The configs of a topic: its own over the broker's. */
  of(topic: string): LogConfig {
    const server = this.serverConfig();
    if (this.keptForVersion !== this.image.version || this.keptForConfig !== server) {
      this.kept.clear();
      this.keptForVersion = this.image.version;
      this.keptForConfig = server;
    }
    const known = this.kept.get(topic);
    if (known !== undefined) return known;
    const config = logConfigFrom(server, this.image.configs(TOPIC_RESOURCE, topic));
    this.kept.set(topic, config);
    return config;
  }
}
