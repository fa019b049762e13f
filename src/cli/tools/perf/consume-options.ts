/**
 * The options of kafka-consumer-perf-test.
 */
import { renamedTo } from "../../tool/option.ts";

export const consumeOptions = {
  "bootstrap-server": {
    type: "string",
    takes: "server to connect to",
    description: "The brokers to connect to.",
    required: true,
    preset: "localhost:9092",
  },
  topic: { type: "string", takes: "topic", description: "The topic to consume from." },
  include: {
    type: "string",
    takes: "Java regex (String)",
    description: "A regular expression of the names of topics to consume from.",
  },
  "num-records": { type: "integer", takes: "count", description: "How many records to consume." },
  messages: renamedTo("num-records", { type: "integer", takes: "count" }),
  group: {
    type: "string",
    takes: "gid",
    description: "The consumer group to be a member of. Without one no group comes into being.",
  },
  "fetch-size": {
    type: "integer",
    takes: "size",
    description: "Bytes that a request asks of a partition at most.",
    default: "1048576",
  },
  "from-latest": { description: "Begin at the end where the group has committed no offset." },
  "socket-buffer-size": {
    type: "integer",
    takes: "size",
    description: "Taken, and without effect: the operating system sizes the buffers. (default: 2097152)",
  },
  "command-property": {
    type: "string",
    takes: "prop1=val1",
    repeated: true,
    description: "A property of the consumer; stronger than those of the file.",
  },
  "command-config": {
    type: "string",
    takes: "config file",
    description: "A file of properties of the consumer.",
  },
  "consumer.config": renamedTo("command-config", {
    type: "string",
    takes: "config file",
    excludes: ["command-config"],
  }),
  "print-metrics": { description: "Taken; but this consumer has no metrics of its own to print." },
  "show-detailed-stats": {
    description: "Print a line every --reporting-interval instead of one at the end.",
  },
  timeout: {
    type: "string",
    takes: "milliseconds",
    optionalValue: true,
    description: "How long to wait for records before it ends, in milliseconds.",
    default: "10000",
  },
  "reporting-interval": {
    type: "integer",
    takes: "interval_ms",
    description: "How often to print how it goes, in milliseconds.",
    default: "5000",
  },
  "date-format": {
    type: "string",
    takes: "date format",
    description: "How to write times, as java.text.SimpleDateFormat has it.",
    default: "yyyy-MM-dd HH:mm:ss:SSS",
  },
  "hide-header": { description: "Don't print what the figures are." },
} as const;
