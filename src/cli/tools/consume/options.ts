/**
 * The options of kafka-console-consumer.
 */
import { renamedTo } from "../../tool/option.ts";
import { DEFAULT_FORMATTER } from "./formatter.ts";

const formatterProperties = [
  "A property of the formatter, as key=value:",
  " print.timestamp=true|false",
  " print.key=true|false",
  " print.offset=true|false",
  " print.epoch=true|false",
  " print.partition=true|false",
  " print.headers=true|false",
  " print.value=true|false",
  " key.separator=<key.separator>",
  " line.separator=<line.separator>",
  " headers.separator=<headers.separator>",
  " null.literal=<null.literal>",
  " key.deserializer=<class>",
  " value.deserializer=<class>",
  " headers.deserializer=<class>",
].join("\n");

export const consumerOptions = {
  "bootstrap-server": {
    type: "string",
    takes: "server to connect to",
    description: "The brokers to connect to, as HOST1:PORT1,HOST2:PORT2: the first one that answers will do.",
    required: true,
    preset: "localhost:9092",
  },
  topic: { type: "string", takes: "topic", description: "The topic to consume from." },
  include: {
    type: "string",
    takes: "Java regex (String)",
    description: "A regular expression of the names of topics to consume from.",
  },
  partition: {
    type: "integer",
    takes: "partition",
    description: "The partition to consume from: from its end, where --offset says nothing else.",
  },
  offset: {
    type: "string",
    takes: "consume offset",
    description: "Where to begin in the partition: an offset, 'earliest' or 'latest'. (default: latest)",
  },
  "from-beginning": {
    description: "Begin with the earliest record where the group has committed no offset.",
  },
  "max-messages": {
    type: "integer",
    takes: "num_messages",
    description: "How many records to consume before it ends; where it isn't given, it doesn't end.",
  },
  "timeout-ms": {
    type: "integer",
    takes: "timeout_ms",
    description: "End when no record has come for so long.",
  },
  group: {
    type: "string",
    takes: "consumer group id",
    description:
      "The consumer group to be a member of. Without one all partitions are read, and no group comes into being.",
  },
  "isolation-level": {
    type: "string",
    takes: "level",
    description:
      "read_committed passes over records of transactions that are not committed; read_uncommitted reads all.",
    default: "read_uncommitted",
  },
  formatter: {
    type: "string",
    takes: "class",
    description: "The class that prints the records: one of Kafka's own.",
    default: DEFAULT_FORMATTER,
  },
  "formatter-property": { type: "string", takes: "prop", repeated: true, description: formatterProperties },
  "formatter-config": {
    type: "string",
    takes: "config file",
    description: "A file of properties of the formatter; --formatter-property is stronger.",
  },
  "key-deserializer": {
    type: "string",
    takes: "deserializer for keys",
    description: "The class that reads keys: one of Kafka's own.",
  },
  "value-deserializer": {
    type: "string",
    takes: "deserializer for values",
    description: "The class that reads values: one of Kafka's own.",
  },
  "skip-message-on-error": {
    description: "Go on with the next record where one can't be printed.",
  },
  "enable-systest-events": {
    description: "Say when the consumer has been shut down. (This is for Kafka's system tests.)",
  },
  "command-property": {
    type: "string",
    takes: "consumer_prop",
    repeated: true,
    description: "A property of the consumer, as key=value.",
  },
  "command-config": {
    type: "string",
    takes: "config file",
    description: "A file of properties of the consumer; --command-property is stronger.",
  },
  "consumer-property": renamedTo("command-property", {
    type: "string",
    takes: "consumer_prop",
    repeated: true,
  }),
  "consumer.config": renamedTo("command-config", { type: "string", takes: "config file" }),
  property: renamedTo("formatter-property", { type: "string", takes: "prop", repeated: true }),
} as const;
