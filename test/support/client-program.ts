/**
 * A client in a process of its own, which tells by lines how far it is.
 */
import { join } from "node:path";
import { temporaryFolder } from "./broker-process.ts";
import { eachLine } from "./lines.ts";
import { kafkaHome } from "./requirements.ts";

export interface ClientProgram {
  /** The lines it has printed so far. */
  lines(): readonly string[];
  /** What it has complained of. */
  complaint(): string;
  /** Waits for its end, and returns its lines; throws what it complained of when it failed. */
  finished(): Promise<readonly string[]>;
  /** Lets it close its clients. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Starts a program by its command. */
export function startProgram(command: readonly string[]): ClientProgram {
  const child = Bun.spawn([...command], { stdout: "pipe", stderr: "pipe", stdin: "ignore" });
  const lines: string[] = [];
  const complaints: string[] = [];
  const read = Promise.all([
    eachLine(child.stdout, (line) => lines.push(line)),
    eachLine(child.stderr, (line) => complaints.push(line)),
  ]);
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    child.kill(signal);
    await child.exited;
  };
  return {
    lines: () => lines,
    complaint: () => complaints.join("\n"),
    async finished() {
      const code = await child.exited;
      await read;
      if (code === 0) return lines;
      throw new Error(`${command.at(-1)} ended with ${code}:\n${lines.join("\n")}\n${complaints.join("\n")}`);
    },
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Class paths that test/interchange/setup-kafka.sh fetches. */
type Libraries = "libs-tools" | "libs-streams";

/** Compiles Java programs. What is returned gives the command that runs one of them, by its class. */
export function compileJava(
  sources: readonly string[],
  libraries: Libraries,
): (className: string, words: readonly string[]) => string[] {
  const classes = temporaryFolder();
  const jars = join(kafkaHome(), libraries, "*");
  const { exitCode, stderr } = Bun.spawnSync(["javac", "-cp", jars, "-d", classes, ...sources]);
  if (exitCode !== 0) throw new Error(stderr.toString());
  const options = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  const log = `-Dlog4j2.configurationFile=${join(kafkaHome(), "tools-log4j2.properties")}`;
  return (className, words) => ["java", ...options, log, "-cp", `${classes}:${jars}`, className, ...words];
}
