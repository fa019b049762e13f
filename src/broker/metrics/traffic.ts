/**
 * What is produced and fetched, by topic and in all: Kafka's BrokerTopicMetrics. As there, a sample without a topic is
 * the sum over all topics, deleted ones included.
 */
import type { Family } from "../../observe/metrics/exposition.ts";
import type { TopicCounters, TopicTraffic } from "../../observe/metrics/topic-traffic.ts";
import { Bean, sample } from "./jmx-names.ts";

const bean = new Bean("kafka.server", "BrokerTopicMetrics");

const meters: readonly [name: string, field: keyof TopicCounters, help: string][] = [
  ["MessagesInPerSec", "messagesIn", "Records appended."],
  ["BytesInPerSec", "bytesIn", "Bytes of record batches appended."],
  ["BytesOutPerSec", "bytesOut", "Bytes of record batches sent to consumers."],
  ["BytesRejectedPerSec", "bytesRejected", "Bytes of batches that were larger than the topic allows."],
  ["TotalProduceRequestsPerSec", "produceRequests", "Partitions in produce requests."],
  ["TotalFetchRequestsPerSec", "fetchRequests", "Partitions in fetch requests."],
  [
    "FailedProduceRequestsPerSec",
    "failedProduceRequests",
    "Partitions whose records were refused, or could not be appended.",
  ],
  ["FailedFetchRequestsPerSec", "failedFetchRequests", "Partitions that could not be read."],
];

/** The families of BrokerTopicMetrics. */
export function trafficFamilies(traffic: TopicTraffic): Family[] {
  const total = traffic.total();
  const topics = [...traffic.byTopic()];
  return meters.map(([name, field, help]) =>
    bean.values(name, help, [
      sample(total[field], {}),
      ...topics.map(([topic, counters]) => sample(counters[field], { topic })),
    ]),
  );
}
