/**
 * Decides what the executable is asked for: a tool of Kafka's by whose name it was called, a command whose name is the
 * first word, or else the broker. What isn't asked for isn't loaded.
 */
import { existsSync } from "node:fs";
import { nearestName } from "../config/nearest.ts";
import { type Call, type CommandEntry, WRONG_USE, WrongUse } from "./command.ts";
import { commands } from "./commands.ts";
import { type Output, ReaderGone, standardOutput } from "./output.ts";
import { usage } from "./usage.ts";

/** Runs what `words` ask for, called by the name (or path) `calledBy`, and resolves to the exit code. */
export async function run(
  words: readonly string[],
  output: Output = standardOutput(),
  calledBy = "houska",
): Promise<number> {
  const tool = toolNamed(calledBy);
  if (tool !== undefined)
    return runCommand(tool, words, output, { name: toolName(calledBy), friendly: false });
  const [first, ...rest] = words;
  if (first === undefined) return runBroker(words);
  if (first === "help") return help(rest[0], output);
  const entry = commands.find(({ name }) => name === first);
  if (entry !== undefined) {
    return runCommand(entry, rest, output, { name: `houska ${entry.name}`, friendly: true });
  }
  const mistyped = commandMeant(first, rest);
  if (mistyped !== null) return wrongUse(output, mistyped);
  return runBroker(words);
}

/** Runs a tool by Kafka's name of it. Throws RangeError when there is none of that name. */
export function runTool(name: string, words: readonly string[], output: Output): Promise<number> {
  const entry = toolNamed(name);
  if (entry === undefined) throw new RangeError(`there is no tool ${name}`);
  return runCommand(entry, words, output, { name, friendly: false });
}

/** The tool of Kafka's that a name or path stands for: `/opt/kafka/bin/kafka-topics.sh` for kafka-topics. */
function toolNamed(path: string): CommandEntry | undefined {
  const name = toolName(path);
  return commands.find(({ kafkaName }) => kafkaName === name);
}

function toolName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.sh$/, "");
}

async function runBroker(words: readonly string[]): Promise<number> {
  const broker = await import("./run-broker.ts");
  return broker.runBroker(words);
}

async function help(name: string | undefined, output: Output): Promise<number> {
  const entry = commands.find((command) => command.name === name);
  if (name !== undefined && entry === undefined) return wrongUse(output, `there is no command ${name}`);
  output.line((entry === undefined ? usage : (await entry.load()).usage).trimEnd());
  output.flush();
  return 0;
}

async function runCommand(
  entry: CommandEntry,
  words: readonly string[],
  output: Output,
  call: Call,
): Promise<number> {
  const load = call.friendly ? entry.load : (entry.loadKafka ?? entry.load);
  const command = await load();
  if (!command.readsHelp && (words.includes("--help") || words.includes("-h")))
    return help(entry.name, output);
  try {
    const code = await command.run(words, output, call);
    output.flush();
    return code;
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    if (!(error instanceof WrongUse)) throw error;
    output.complain(`${call.name}: ${error.message}\n\n${command.usage.trimEnd()}`);
    return WRONG_USE;
  }
}

/** A first word that is no file may be a command's name with a slip in it: what to say then, else null. */
function commandMeant(word: string, rest: readonly string[]): string | null {
  if (word.startsWith("-") || /[./]/.test(word) || existsSync(word)) return null;
  const nearest = nearestName(
    word,
    commands.map(({ name }) => name),
  );
  const question = nearest === null ? "" : `; did you mean ${nearest}?`;
  return `${[word, ...rest].join(" ")}: there is neither a command nor a properties file ${word}${question}`;
}

function wrongUse(output: Output, message: string): number {
  output.complain(`houska: ${message}\n\n${usage.trimEnd()}`);
  return WRONG_USE;
}
