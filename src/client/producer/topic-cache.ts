/**
 * The topics that a producer sends to, kept for a while.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { KafkaClient } from "../client.ts";
import { TimeoutError } from "../errors.ts";
import { isRetriable } from "../retry.ts";
import { findTopics, type TopicInfo } from "../topics.ts";

interface Entry {
  readonly info: TopicInfo;
  readonly sinceMs: number;
}

export class TopicCache {
  private readonly topics = new Map<string, Entry>();
  private readonly asking = new Map<string, Promise<TopicInfo>>();

  constructor(
    private readonly client: KafkaClient,
    private readonly maxAgeMs: number,
    private readonly maxBlockMs: number,
  ) {}

  /** What is known of a topic; undefined if nothing is, or it is old. */
  get(name: string): TopicInfo | undefined {
    const entry = this.topics.get(name);
    if (entry === undefined) return undefined;
    // What is old still serves, while it is asked for anew.
    if (performance.now() - entry.sinceMs > this.maxAgeMs) this.find(name).catch(() => {});
    return entry.info;
  }

  /** What was known of a topic doesn't hold any more: it is asked for anew. */
  refresh(name: string): Promise<TopicInfo> {
    return this.find(name);
  }

  /**
   * Asks for a topic until it is there, which it may be only when a broker has created it. Rejects with a TimeoutError
   * when `max.block.ms` is over, and with a KafkaError where waiting doesn't help.
   */
  private find(name: string): Promise<TopicInfo> {
    const known = this.asking.get(name);
    if (known !== undefined) return known;
    const finding = this.ask(name).finally(() => this.asking.delete(name));
    this.asking.set(name, finding);
    return finding;
  }

  private async ask(name: string): Promise<TopicInfo> {
    const deadline = performance.now() + this.maxBlockMs;
    for (;;) {
      const info = await this.askOnce(name);
      if (info !== undefined && info.partitions.length > 0) {
        this.topics.set(name, { info, sinceMs: performance.now() });
        return info;
      }
      if (performance.now() >= deadline) throw new TimeoutError(this.missing(name));
      await Bun.sleep(this.client.config.retryBackoffMs);
    }
  }

  private async askOnce(name: string): Promise<TopicInfo | undefined> {
    try {
      return (await findTopics(this.client, [name], true))[0];
    } catch (error) {
      if (error instanceof KafkaError && isRetriable(error)) return undefined;
      if (error instanceof TimeoutError) throw new TimeoutError(`${this.missing(name)} ${error.message}`);
      throw error;
    }
  }

  private missing(name: string): string {
    return `Topic ${name} not present in metadata after ${this.maxBlockMs} ms.`;
  }
}
