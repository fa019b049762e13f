/**
 * What is produced to and fetched from topics, counted.
 */

/** What has happened to a topic since the broker started. */
export class TopicCounters {
  messagesIn = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** Of batches that were larger than allowed. */
  bytesRejected = 0;
  /** Partitions in produce requests, and in fetch requests. */
  produceRequests = 0;
  fetchRequests = 0;
  failedProduceRequests = 0;
  failedFetchRequests = 0;
}

const fields = Object.keys(new TopicCounters()) as (keyof TopicCounters)[];

export class TopicTraffic {
  private readonly counters = new Map<string, TopicCounters>();
  /** What happened to topics that are gone, and to names that no topic has. */
  readonly others = new TopicCounters();

  /** The counters of a topic that exists. */
  of(topic: string): TopicCounters {
    let counters = this.counters.get(topic);
    if (counters === undefined) {
      counters = new TopicCounters();
      this.counters.set(topic, counters);
    }
    return counters;
  }

  /** The topic is deleted: only the sum over all remembers it. */
  forget(topic: string): void {
    const counters = this.counters.get(topic);
    if (counters === undefined) return;
    this.counters.delete(topic);
    addTo(this.others, counters);
  }

  byTopic(): Iterable<readonly [string, TopicCounters]> {
    return this.counters;
  }

  /** The sum over all topics, those included that are gone. */
  total(): TopicCounters {
    const total = new TopicCounters();
    addTo(total, this.others);
    for (const counters of this.counters.values()) addTo(total, counters);
    return total;
  }
}

function addTo(sum: TopicCounters, counters: TopicCounters): void {
  for (const field of fields) sum[field] += counters[field];
}
