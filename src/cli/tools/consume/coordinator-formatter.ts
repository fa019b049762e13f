/**
 * Records of a coordinator's topic, one JSON object a line. Kafka's own formatters put no line ends between them.
 */
import { type CoordinatorKind, coordinatorRecordJson } from "../../dump-log/coordinator-record.ts";
import { ToolFailure } from "../../tool/failure.ts";
import type { Formatter } from "./formatter.ts";

/** @param prints which types of records are printed; the others are passed over */
export function coordinatorFormatter(kind: CoordinatorKind, prints: (type: number) => boolean): Formatter {
  return {
    write({ at }, sink) {
      const key = at.key();
      if (key === null) return;
      const record = decoded(kind, key, at.value(), at.offset);
      if (record === null || !prints(record.type)) return;
      const value =
        record.value === null ? "null" : `{"version":${record.value.version},"data":${record.value.data}}`;
      sink.text(`{"key":{"type":${record.type},"data":${record.key}},"value":${value}}\n`);
    },
  };
}

function decoded(kind: CoordinatorKind, key: Buffer, value: Buffer | null, offset: number) {
  try {
    return coordinatorRecordJson(kind, key, value);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ToolFailure(`Could not read record at offset ${offset} due to: ${why}`);
  }
}
