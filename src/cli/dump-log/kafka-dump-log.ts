/**
 * kafka-dump-log: the same as `houska dump-log`, with the options of Kafka's tool.
 */
import { realDisk } from "../../disk/real-disk.ts";
import { ToolFailure } from "../tool/failure.ts";
import { tool } from "../tool/tool.ts";
import { dump } from "./dump-log.ts";

/** Options that take no value and mean the same to both. */
const flags = {
  "print-data-log": { description: "Print the keys and values of records." },
  "deep-iteration": { description: "Print records, and not only batches." },
  "skip-record-metadata": { description: "Print of records nothing but keys and values." },
  "cluster-metadata-decoder": { description: "Decode the records as those of the metadata." },
  "offsets-decoder": { description: "Decode the records as those of groups." },
  "transaction-log-decoder": { description: "Decode the records as those of transactions." },
  "share-group-state-decoder": { description: "Decode the records as those of share groups." },
} as const;

const decoderClass = {
  type: "string",
  takes: "class",
  description: "Only Kafka's StringDecoder: text is printed as text in any case.",
  optionalValue: true,
} as const;

export const kafkaDumpLog = tool({
  description: "Prints what the files of a log directory hold.",
  options: {
    files: { type: "string", takes: "file1, file2, ...", description: "The files.", required: true },
    ...flags,
    "max-bytes": {
      type: "integer",
      takes: "size",
      description: "Begin no further batch of a file after so many bytes.",
    },
    "max-message-size": {
      type: "integer",
      takes: "size",
      description: "Means nothing: a batch of any size is read.",
    },
    "key-decoder-class": decoderClass,
    "value-decoder-class": decoderClass,
    "index-sanity-check": { description: "Refused: `houska check DIRECTORY` verifies indexes." },
    "verify-index-only": { description: "Refused: `houska check DIRECTORY` verifies indexes." },
    "remote-log-metadata-decoder": { description: "Refused: there is no tiered storage." },
  },
  async run(given, { output }) {
    if (given["index-sanity-check"] || given["verify-index-only"]) {
      throw new ToolFailure("houska check DIRECTORY verifies indexes, and all else that lies there");
    }
    if (given["remote-log-metadata-decoder"]) throw new ToolFailure("there is no tiered storage");
    for (const name of ["key-decoder-class", "value-decoder-class"] as const) {
      const decoder = given[name];
      if (!decoder || decoder.endsWith(".StringDecoder")) continue;
      throw new ToolFailure(`--${name} ${decoder}: classes of Java can't be loaded`);
    }
    const maxBytes = given["max-bytes"];
    const words = [
      `--files=${given.files}`,
      ...Object.keys(flags).flatMap((name) => (given[name as keyof typeof flags] ? [`--${name}`] : [])),
      ...(maxBytes === undefined ? [] : [`--max-bytes=${maxBytes}`]),
    ];
    return dump(words, output, realDisk);
  },
});
