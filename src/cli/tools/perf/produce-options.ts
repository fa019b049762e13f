/**
 * The options of kafka-producer-perf-test.
 */
import { renamedTo } from "../../tool/option.ts";

export const produceOptions = {
  "bootstrap-server": {
    type: "string",
    takes: "BOOTSTRAP-SERVER",
    description: "The brokers to connect to; stronger than bootstrap.servers of the properties.",
    preset: "localhost:9092",
  },
  topic: { type: "string", takes: "TOPIC", description: "The topic to produce to.", required: true },
  "num-records": {
    type: "integer",
    takes: "NUM-RECORDS",
    description: "How many records to produce.",
    required: true,
  },
  throughput: {
    type: "string",
    takes: "THROUGHPUT",
    description: "How many records to send a second, about; -1 for as many as go through.",
    required: true,
    preset: "-1",
  },
  "record-size": {
    type: "integer",
    takes: "RECORD-SIZE",
    description: "Bytes of a record. One of --record-size, --payload-file and --payload-monotonic is needed.",
    excludes: ["payload-file", "payload-monotonic"],
  },
  "payload-file": {
    type: "string",
    takes: "PAYLOAD-FILE",
    description: "A text file with what the records hold, of which each takes one at random.",
    excludes: ["payload-monotonic"],
  },
  "payload-monotonic": { description: "Records hold the numbers from 0 on." },
  "payload-delimiter": {
    type: "string",
    takes: "PAYLOAD-DELIMITER",
    description: "What separates records in the file.",
    default: "\\n",
  },
  "command-property": {
    type: "string",
    takes: "PROP-NAME=PROP-VALUE [PROP-NAME=PROP-VALUE ...]",
    repeated: true,
    description: "Properties of the producer; stronger than those of the file.",
  },
  "producer-props": renamedTo("command-property", {
    type: "string",
    takes: "PROP-NAME=PROP-VALUE [PROP-NAME=PROP-VALUE ...]",
    repeated: true,
  }),
  "command-config": {
    type: "string",
    takes: "CONFIG-FILE",
    description: "A file of properties of the producer.",
  },
  "producer.config": renamedTo("command-config", { type: "string", takes: "CONFIG-FILE" }),
  "print-metrics": { description: "Taken; but this producer has no metrics of its own to print." },
  "transactional-id": {
    type: "string",
    takes: "TRANSACTIONAL-ID",
    description: "Send in transactions, with this id.",
  },
  "transaction-duration-ms": {
    type: "integer",
    takes: "TRANSACTION-DURATION",
    description: "Send in transactions, and commit every so many milliseconds. (default: 3000)",
  },
  "warmup-records": {
    type: "integer",
    takes: "WARMUP-RECORDS",
    description: "How many of the records, the first ones, the line for the steady state leaves out.",
    default: "0",
  },
  "reporting-interval": {
    type: "integer",
    takes: "INTERVAL-MS",
    description: "How often to print how it goes, in milliseconds.",
    default: "5000",
  },
} as const;
