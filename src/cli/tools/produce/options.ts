/**
 * The options of kafka-console-producer.
 */
import { renamedTo } from "../../tool/option.ts";

const readerProperties = [
  "A property of the line reader, as key=value:",
  " parse.key=false",
  " parse.headers=false",
  " ignore.error=false",
  " key.separator=\\t",
  " headers.delimiter=\\t",
  " headers.separator=,",
  " headers.key.separator=:",
  " null.marker=   fields that are equal to it are null",
  "With parse.headers and parse.key a line is",
  ' "h1:v1,h2:v2...\\tkey\\tvalue".',
].join("\n");

export const producerOptions = {
  "bootstrap-server": {
    type: "string",
    takes: "server to connect to",
    description: "The brokers to connect to, as HOST1:PORT1,HOST2:PORT2: the first one that answers will do.",
    required: true,
    preset: "localhost:9092",
  },
  topic: { type: "string", takes: "topic", description: "The topic to produce to.", required: true },
  sync: { description: "Send one record at a time, and wait until it is in the log." },
  "compression-codec": {
    type: "string",
    takes: "compression-codec",
    optionalValue: true,
    description: "Compress by none, gzip, snappy, lz4 or zstd; by gzip where none is named.",
  },
  "batch-size": {
    type: "integer",
    takes: "size",
    description: "Bytes of a batch, batch.size of the producer. (default: 16384)",
  },
  "max-partition-memory-bytes": {
    type: "integer",
    takes: "memory in bytes per partition",
    description: "(Deprecated) The same as --batch-size, and stronger.",
  },
  "message-send-max-retries": {
    type: "integer",
    takes: "count",
    description: "How often a batch is sent again, retries of the producer. (default: 3)",
  },
  "retry-backoff-ms": {
    type: "integer",
    takes: "milliseconds",
    description: "How long to wait before that, retry.backoff.ms of the producer. (default: 100)",
  },
  timeout: {
    type: "integer",
    takes: "timeout_ms",
    description:
      "How long a batch waits for more records, linger.ms of the producer. (default: 1000; 5 where the lines are typed)",
  },
  "request-required-acks": {
    type: "string",
    takes: "request required acks",
    description: "The acks of the producer. (default: -1)",
  },
  "request-timeout-ms": {
    type: "integer",
    takes: "request timeout ms",
    description: "How long a broker may take to answer, request.timeout.ms of the producer. (default: 1500)",
  },
  "metadata-expiry-ms": {
    type: "integer",
    takes: "metadata expiration interval",
    description: "When to look anew who leads what, metadata.max.age.ms of the producer. (default: 300000)",
  },
  "max-block-ms": {
    type: "integer",
    takes: "max block on send",
    description: "How long a record may wait for its topic to be there, and for memory. (default: 60000)",
  },
  "max-memory-bytes": {
    type: "integer",
    takes: "total memory in bytes",
    description: "Bytes of records that wait, buffer.memory of the producer. (default: 33554432)",
  },
  "socket-buffer-size": {
    type: "integer",
    takes: "size",
    description: "Taken, and without effect: the operating system sizes the buffers. (default: 102400)",
  },
  "line-reader": {
    type: "string",
    takes: "reader_class",
    description: "The class that reads the lines: there is no other than the default.",
    default: "org.apache.kafka.tools.LineMessageReader",
  },
  "reader-property": { type: "string", takes: "prop", repeated: true, description: readerProperties },
  "reader-config": {
    type: "string",
    takes: "config file",
    description: "A file of properties of the line reader; --reader-property is stronger.",
  },
  "command-property": {
    type: "string",
    takes: "producer_prop",
    repeated: true,
    description: "A property of the producer, as key=value.",
  },
  "command-config": {
    type: "string",
    takes: "config file",
    description: "A file of properties of the producer; --command-property is stronger.",
  },
  "producer-property": renamedTo("command-property", {
    type: "string",
    takes: "producer_prop",
    repeated: true,
  }),
  "producer.config": renamedTo("command-config", { type: "string", takes: "config file" }),
  property: renamedTo("reader-property", { type: "string", takes: "prop", repeated: true }),
} as const;
