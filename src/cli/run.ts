/**
 * Decides what the executable's words ask for: a command whose name is the first of them, or else the broker.
 */
import { existsSync } from "node:fs";
import { nearestName } from "../config/nearest.ts";
import { usage } from "./arguments.ts";
import { type CommandEntry, WRONG_USE, WrongUse } from "./command.ts";
import { commands } from "./commands.ts";
import { type Output, ReaderGone, standardOutput } from "./output.ts";
import { runBroker } from "./run-broker.ts";

/** Runs what `words` ask for, and returns the exit code. */
export function run(words: readonly string[], output: Output = standardOutput()): Promise<number> | number {
  const [first, ...rest] = words;
  if (first === undefined) return runBroker(words);
  if (first === "help") return help(rest[0], output);
  const entry = commands.find(({ name }) => name === first);
  if (entry !== undefined) return runCommand(entry, rest, output);
  const mistyped = commandMeant(first, rest);
  if (mistyped !== null) return wrongUse(output, mistyped);
  return runBroker(words);
}

async function help(name: string | undefined, output: Output): Promise<number> {
  const entry = commands.find((command) => command.name === name);
  if (name !== undefined && entry === undefined) return wrongUse(output, `there is no command ${name}`);
  output.line((entry === undefined ? usage : (await entry.load()).usage).trimEnd());
  output.flush();
  return 0;
}

async function runCommand(entry: CommandEntry, words: readonly string[], output: Output): Promise<number> {
  const command = await entry.load();
  if (words.includes("--help") || words.includes("-h")) return help(entry.name, output);
  try {
    const code = await command.run(words, output);
    output.flush();
    return code;
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    if (!(error instanceof WrongUse)) throw error;
    output.complain(`houska ${entry.name}: ${error.message}\n\n${command.usage.trimEnd()}`);
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
