/**
 * A member of a group in a process of its own: a client program that prints what it is assigned and what it reads.
 */
import { eachLine } from "./lines.ts";

export interface GroupMember {
  /** The partitions that it has now. */
  partitions(): readonly number[];
  /** How often its partitions have changed. */
  assignments(): number;
  /** The records it has read, `partition offset value` each. */
  records(): readonly string[];
  /** Lets it leave the group. */
  leave(): Promise<void>;
  /** Ends it without a word to the group. */
  kill(): Promise<void>;
  /** What it has complained of. */
  complaint(): string;
}

/** Starts a member by its command. */
export function startMember(command: readonly string[]): GroupMember {
  const child = Bun.spawn([...command], { stdout: "pipe", stderr: "pipe", stdin: "ignore" });
  const records: string[] = [];
  const complaints: string[] = [];
  let partitions: number[] = [];
  let assignments = 0;
  eachLine(child.stdout, (line) => {
    const [what, ...rest] = line.split(" ");
    if (what === "record") records.push(rest.join(" "));
    if (what !== "assigned") return;
    partitions = rest.filter((word) => word !== "").map(Number);
    assignments++;
  });
  eachLine(child.stderr, (line) => complaints.push(line));
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    child.kill(signal);
    await child.exited;
  };
  return {
    partitions: () => partitions,
    assignments: () => assignments,
    records: () => records,
    leave: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    complaint: () => complaints.join("\n"),
  };
}
