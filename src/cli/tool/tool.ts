/**
 * A tool of Kafka's: declared with its options, run with what was given for them.
 */
import { version } from "../../../package.json" with { type: "json" };
import type { KafkaClient } from "../../client/client.ts";
import { type Call, type Command, WrongUse } from "../command.ts";
import type { Output } from "../output.ts";
import { connect } from "./connect.ts";
import { failureText } from "./failure.ts";
import type { Given, Options } from "./option.ts";
import { parseWords } from "./parse.ts";
import { optionTable } from "./usage.ts";

/** The release of Kafka whose tools these are like. */
const KAFKA_TOOLS_VERSION = "4.3.1";
const FAILED = 1;

/** What a tool works with besides its options. */
export interface ToolContext {
  readonly output: Output;
  /** Whether it was called by our own name of it, and not by Kafka's. */
  readonly friendly: boolean;
  /** Whether `--output json` asks for JSON. */
  readonly json: boolean;
  /** A client for `--bootstrap-server` and `--command-config`; it is closed when the tool has run. */
  connect(given: ConnectionGiven, more?: ReadonlyMap<string, string>): KafkaClient;
}

interface ConnectionGiven {
  readonly "bootstrap-server"?: string | undefined;
  readonly "bootstrap-controller"?: string | undefined;
  readonly "command-config"?: string | undefined;
}

export interface Tool<O extends Options> {
  /** A sentence or two on what it is for. */
  readonly description: string;
  readonly options: O;
  /** Whether it can print JSON: its own name takes `--output json` then. */
  readonly json?: boolean;
  /** Whether it takes words besides the options. */
  readonly takesWords?: boolean;
  /**
   * Does the work. Resolves to the exit code, 0 where it is left out.
   *
   * @throws WrongUse, or an error of failure.ts
   */
  run(given: Given<O>, context: ToolContext, words: readonly string[]): Promise<number | undefined>;
  /** How a failure is told, where that isn't just its text on standard error. */
  fail?(error: unknown, output: Output): boolean;
}

const commonOptions = {
  help: { description: "Print usage information.", short: "h" },
  version: { description: "Display the version." },
} as const;

const jsonOption = {
  output: { type: "string", takes: "text or json", description: "What to print.", default: "text" },
} as const;

/** Makes a command of a tool. */
export function tool<const O extends Options>(declared: Tool<O>): Command {
  return {
    usage: usage(declared, true),
    readsHelp: true,
    optionNames: { "": Object.keys(allOptions(declared, false)) },
    run: (words, output, call) => runTool(declared, words, output, call),
  };
}

async function runTool<O extends Options>(
  declared: Tool<O>,
  words: readonly string[],
  output: Output,
  call: Call,
): Promise<number> {
  if (isAsked(words, "--help", "-h")) {
    output.line(usage(declared, call.friendly));
    return 0;
  }
  return runParsed(declared, words, output, call, (error) =>
    output.complain([error.message, ...optionTable(allOptions(declared, call.friendly))].join("\n")),
  );
}

/**
 * Parses the words and runs the tool.
 *
 * @param misused tells of words that aren't what it takes
 */
export async function runParsed<O extends Options>(
  declared: Tool<O>,
  words: readonly string[],
  output: Output,
  call: Call,
  misused: (error: WrongUse) => void,
): Promise<number> {
  const clients: KafkaClient[] = [];
  try {
    if (isAsked(words, "--version")) {
      output.line(versionText());
      return 0;
    }
    const { given, others } = parseWords(words, allOptions(declared, call.friendly), call.friendly);
    if (others.length > 0 && !declared.takesWords) throw new WrongUse(`'${others[0]}' belongs to no option`);
    const context: ToolContext = {
      output,
      friendly: call.friendly,
      json: wantsJson(given),
      connect: (from, more) => {
        const client = connect(
          serversOf(from),
          from["command-config"],
          (text) => output.complain(text),
          more,
        );
        clients.push(client);
        return client;
      },
    };
    return (await declared.run(given as unknown as Given<O>, context, others)) ?? 0;
  } catch (error) {
    if (error instanceof WrongUse) misused(error);
    else if (!declared.fail?.(error, output)) complainOf(error, output);
    return FAILED;
  } finally {
    for (const client of clients) client.close();
  }
}

/** @throws WrongUse */
function serversOf(given: ConnectionGiven): string {
  const servers = given["bootstrap-controller"] ?? given["bootstrap-server"];
  if (servers === undefined) throw new WrongUse('Missing required argument "[bootstrap-server]"');
  return servers;
}

function complainOf(error: unknown, output: Output): void {
  const text = failureText(error);
  if (text === null) throw error;
  output.complain(text);
}

/** What `--version` prints: the release of Kafka first, where scripts look for it. */
export function versionText(): string {
  return `${KAFKA_TOOLS_VERSION} (Houska ${version})`;
}

/** Whether help or the version was asked for: then nothing else counts, as no option has to be right. */
export function isAsked(words: readonly string[], ...names: string[]): boolean {
  const end = words.indexOf("--");
  return (end < 0 ? words : words.slice(0, end)).some((word) => names.includes(word));
}

/** @throws WrongUse */
function wantsJson(given: Readonly<Record<string, unknown>>): boolean {
  const { output = "text" } = given;
  if (output !== "text" && output !== "json")
    throw new WrongUse(`--output is text or json, and not ${output}`);
  return output === "json";
}

/** The tool's options, and those that every tool has. */
export function allOptions(declared: { options: Options; json?: boolean }, friendly: boolean): Options {
  return {
    ...declared.options,
    ...commonOptions,
    ...(friendly && declared.json ? jsonOption : {}),
  };
}

function usage(
  declared: { description: string; options: Options; json?: boolean },
  friendly: boolean,
): string {
  return [declared.description, ...optionTable(allOptions(declared, friendly))].join("\n");
}
