/**
 * A tool whose first word says what to do, as `kafka-cluster cluster-id`: each action has options of its own.
 */
import { type Call, type Command, WrongUse } from "../command.ts";
import type { Output } from "../output.ts";
import type { Options } from "./option.ts";
import { firstWord } from "./parse.ts";
import { allOptions, isAsked, runParsed, type Tool } from "./tool.ts";
import { optionTable, wrapped } from "./usage.ts";

const FAILED = 1;
const WIDTH = 80;
const NAME_WIDTH = 24;

/** An action whose options' types have been seen to. */
type Action = Tool<Options>;

interface ToolWithActions {
  readonly description: string;
  readonly actions: Readonly<Record<string, Action>>;
}

/** Declares an action. */
export function action<const O extends Options>(declared: Tool<O>): Action {
  return declared as unknown as Action;
}

/** Makes a command of a tool with actions. */
export function toolWithActions(declared: ToolWithActions): Command {
  return {
    usage: overview(declared, { name: "houska COMMAND" }),
    readsHelp: true,
    optionNames: Object.fromEntries(
      Object.entries(declared.actions).map(([name, one]) => [name, Object.keys(allOptions(one, false))]),
    ),
    run: (words, output, call) => runAction(declared, words, output, call),
  };
}

async function runAction(
  declared: ToolWithActions,
  words: readonly string[],
  output: Output,
  call: Call,
): Promise<number> {
  const every = Object.assign({}, ...Object.values(declared.actions).map((one) => allOptions(one, true)));
  const at = firstWord(words, every);
  const name = at === null ? undefined : words[at];
  const chosen = name === undefined ? undefined : declared.actions[name];
  if (at === null || name === undefined || chosen === undefined)
    return without(declared, name, words, output, call);
  if (isAsked(words, "--help", "-h")) {
    output.line(actionUsage(chosen, name, call));
    return 0;
  }
  const rest = words.toSpliced(at, 1);
  return runParsed(chosen, rest, output, call, (error) =>
    output.complain(`${actionUsage(chosen, name, call)}\n${call.name}: error: ${error.message}`),
  );
}

/** No action that there is has been named. */
async function without(
  declared: ToolWithActions,
  name: string | undefined,
  words: readonly string[],
  output: Output,
  call: Call,
): Promise<number> {
  if (isAsked(words, "--help", "-h")) {
    output.line(overview(declared, call));
    return 0;
  }
  const any: Tool<Options> = {
    description: declared.description,
    options: {},
    async run() {
      const actions = Object.keys(declared.actions).join("', '");
      throw new WrongUse(
        name === undefined ? "too few arguments" : `invalid choice: '${name}' (choose from '${actions}')`,
      );
    },
    takesWords: true,
  };
  const asked = isAsked(words, "--version") ? ["--version"] : [];
  await runParsed(any, asked, output, call, (error) =>
    output.complain(`${overview(declared, call)}\n${call.name}: error: ${error.message}`),
  );
  return asked.length > 0 ? 0 : FAILED;
}

function overview({ description, actions }: ToolWithActions, { name }: Pick<Call, "name">): string {
  const lines = Object.entries(actions).flatMap(([word, { description: text }]) => {
    const [first = "", ...more] = wrapped(text, WIDTH - NAME_WIDTH - 2);
    return [
      `  ${word.padEnd(NAME_WIDTH)}${first}`,
      ...more.map((line) => `  ${" ".repeat(NAME_WIDTH)}${line}`),
    ];
  });
  const choice = `{${Object.keys(actions).join(",")}}`;
  return [`usage: ${name} [-h] ${choice} ...`, "", description, "", "actions:", ...lines].join("\n");
}

function actionUsage(chosen: Action, name: string, call: Call): string {
  const table = optionTable(allOptions(chosen, call.friendly));
  return [`usage: ${call.name} ${name} [options]`, "", chosen.description, "", ...table].join("\n");
}
