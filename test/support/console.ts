/**
 * The executable as one of its tools, as somebody at a console runs it.
 */
import { executable } from "./broker-process.ts";
import { eachLine } from "./lines.ts";
import { type ProgramRun, runProgram } from "./program-run.ts";

/** Runs a tool by its name, ours (`consume`) or Kafka's (`kafka-console-consumer`), to its end. */
export function runConsole(
  name: string,
  words: readonly string[],
  input: string | Uint8Array = "",
): Promise<ProgramRun> {
  const kafkas = name.startsWith("kafka-") && { argv0: `${name}.sh` };
  return runProgram(commandOf(name, words), { ...kafkas, input });
}

export interface RunningConsole {
  /** What it has printed so far. */
  readonly lines: readonly string[];
  readonly complaints: readonly string[];
  /** Types a line, for a tool that reads some. */
  type(line: string): void;
  /** Sends a signal, and resolves to the exit code. */
  end(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<number>;
  readonly exited: Promise<number>;
}

/** Starts a tool that goes on until it is told to end. */
export function startConsole(name: string, words: readonly string[]): RunningConsole {
  const child = Bun.spawn(commandOf(name, words), { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
  const lines: string[] = [];
  const complaints: string[] = [];
  const read = Promise.all([
    eachLine(child.stdout, (line) => lines.push(line)),
    eachLine(child.stderr, (line) => complaints.push(line)),
  ]);
  const exited = read.then(() => child.exited);
  return {
    lines,
    complaints,
    type(line) {
      child.stdin.write(`${line}\n`);
      child.stdin.flush();
    },
    end(signal) {
      child.kill(signal);
      return exited;
    },
    exited,
  };
}

function commandOf(name: string, words: readonly string[]): string[] {
  return name.startsWith("kafka-") ? [executable, ...words] : [executable, ...name.split(" "), ...words];
}
