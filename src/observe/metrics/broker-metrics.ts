/**
 * What a broker counts while it works, in one object: plain numbers that cost nearly nothing to add to. Names and text
 * are made of them when somebody asks.
 */
import { RequestMetrics } from "./request-counters.ts";
import { TopicTraffic } from "./topic-traffic.ts";

export class BrokerMetrics {
  readonly topics = new TopicTraffic();
  /** Null where nobody asks: then no request is timed, which is half a microsecond for each. */
  readonly requests: RequestMetrics | null;

  /** @param isRead whether somebody asks for what is counted */
  constructor(isRead = true) {
    this.requests = isRead ? new RequestMetrics() : null;
  }
}
