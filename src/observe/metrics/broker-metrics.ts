/**
 * What a broker counts while it works, in one object: plain numbers that cost nearly nothing to add to. Names and text
 * are made of them when somebody asks.
 */
import { RequestMetrics } from "./request-counters.ts";
import { TopicTraffic } from "./topic-traffic.ts";

export class BrokerMetrics {
  readonly requests = new RequestMetrics();
  readonly topics = new TopicTraffic();
}
