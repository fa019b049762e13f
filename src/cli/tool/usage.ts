/**
 * The table of options that a tool's `--help` prints: two columns within 80, as Kafka's tools have them.
 */
import { type Option, type Options, takesValue } from "./option.ts";

const WIDTH = 80;
const LEFT_AT_MOST = 39;
const GAP = 2;
const INDENT = 2;

const typeNames = { string: "String", list: "String", integer: "Integer" } as const;

/** The table's lines. */
export function optionTable(options: Options): string[] {
  const rows = Object.entries(options)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, option]) => [signature(name, option), description(option)] as const);
  const left = Math.min(LEFT_AT_MOST, Math.max(0, ...rows.map(([text]) => text.length)));
  const header = [row("Option", "Description", left), row("------", "-----------", left)];
  return [...header.flat(), ...rows.flatMap(([option, text]) => row(option, text, left))];
}

function signature(name: string, option: Option): string {
  const written = option.short === undefined ? `--${name}` : `-${option.short}, --${name}`;
  if (!takesValue(option)) return written;
  if (option.optionalValue) return `${written} [${typeNames[option.type]}]`;
  return `${written} <${typeNames[option.type]}: ${option.takes}>`;
}

function description(option: Option): string {
  const notes: string[] = [];
  if (option.required) notes.push("REQUIRED:");
  notes.push(option.description);
  if (takesValue(option) && option.default !== undefined) notes.push(`(default: ${option.default})`);
  return notes.join(" ");
}

function row(left: string, right: string, leftWidth: number): string[] {
  const lefts = wrapped(left, leftWidth);
  const rights = right.split("\n").flatMap((line) => wrapped(line, WIDTH - leftWidth - GAP));
  return Array.from({ length: Math.max(lefts.length, rights.length) }, (_, index) =>
    `${(lefts[index] ?? "").padEnd(leftWidth + GAP)}${rights[index] ?? ""}`.trimEnd(),
  );
}

/** Lines of at most `width`, all but the first indented; words longer than a line are cut. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line.trim() !== "") lines.push(line);
    line = `${" ".repeat(INDENT)}${word}`;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = `${" ".repeat(INDENT)}${line.slice(width)}`;
    }
  }
  return [...lines, line];
}
