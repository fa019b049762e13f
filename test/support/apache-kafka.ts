/**
 * Apache Kafka itself, as test/interchange/setup-kafka.sh has fetched it: a broker beside ours, and its command
 * line tools.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { accepts, freePort } from "./broker-process.ts";
import { type ProgramRun, runProgram } from "./program-run.ts";
import { kafkaHome } from "./requirements.ts";

const START_DEADLINE_MS = 60_000;

export interface KafkaProcess {
  readonly port: number;
  output(): string;
  /** Lets it shut down cleanly. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Starts Apache Kafka on a log directory, and waits until it serves. A directory of Houska's opens as it is. */
export async function startKafka(
  logDirectory: string,
  properties: readonly string[] = [],
): Promise<KafkaProcess> {
  const port = await freePort();
  const controller = port < 65535 ? port + 1 : port - 1;
  // A directory without voters of its own in the metadata log takes them from here.
  const voters = `controller.quorum.voters=1@127.0.0.2:${controller}`;
  // A new one is formatted with the voter in its metadata log.
  const isFormatted = existsSync(join(logDirectory, "meta.properties"));
  const command = [join(kafkaHome(), "bin", "broker"), String(port), logDirectory];
  command.push(...(isFormatted ? [voters] : []), ...properties);
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe", stdin: "ignore" });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) collect(stream, printed);
  const kafka: KafkaProcess = {
    port,
    output: () => printed.join(""),
    async stop() {
      child.kill("SIGTERM");
      await child.exited;
    },
    async kill() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(kafka.output().includes("Kafka Server started") && (await accepts(port)))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await kafka.kill();
      throw new Error(`Apache Kafka does not start:\n${kafka.output().slice(-4000)}`);
    }
    await Bun.sleep(50);
  }
  return kafka;
}

async function collect(stream: ReadableStream<Uint8Array>, into: string[]): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) into.push(decoder.decode(chunk, { stream: true }));
}

/** Runs one of Kafka's tools, by its name without `.sh`, and returns what came of it. */
export function runTool(name: string, words: readonly string[], input = ""): Promise<ProgramRun> {
  return runProgram([join(kafkaHome(), "bin", `${name}.sh`), ...words], { input });
}

/** Runs a tool against a broker of this machine; throws what it complains of when it fails. */
export async function kafkaTool(
  name: string,
  port: number,
  words: readonly string[],
  input = "",
): Promise<string> {
  const run = await runTool(name, ["--bootstrap-server", `127.0.0.1:${port}`, ...words], input);
  if (run.code !== 0) {
    throw new Error(`${name} ${words.join(" ")} ended with ${run.code}:\n${run.output}\n${run.complaint}`);
  }
  return run.output;
}
