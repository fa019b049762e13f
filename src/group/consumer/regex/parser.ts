/**
 * Reads a regular expression in the syntax of RE2/J, which Kafka resolves SubscribedTopicRegex with. Two things differ
 * there: groups nest no deeper than they can be read here, and scripts that Unicode has got since are known.
 * https://github.com/google/re2/wiki/Syntax
 */
import { readBracketClass, readPerlClass } from "./bracket-class.ts";
import { type CharSet, negated, range } from "./char-set.ts";
import { Cursor } from "./cursor.ts";
import { readEscape, readUnicodeClass } from "./escapes.ts";
import { readFlags, readGroupName } from "./group-syntax.ts";
import { EMPTY, type Node, type Place } from "./node.ts";
import { NO_REPETITION, type Repetition, readRepetition } from "./repetition.ts";
import { RegexSyntaxError } from "./syntax-error.ts";

const MAX_DEPTH = 500;

const places: readonly (readonly [string, Place])[] = [
  ["^", "begin"],
  ["$", "end"],
  ["\\A", "begin"],
  ["\\z", "end"],
  ["\\b", "word boundary"],
  ["\\B", "no word boundary"],
];

const anyCharacter = () => negated(range(10, 10, false));

/** @throws RegexSyntaxError */
export function parse(text: string): Node {
  return new Parser(text).parse();
}

class Parser {
  private readonly cursor: Cursor;
  private readonly names = new Set<string>();
  private foldCase = false;
  private depth = 0;

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  parse(): Node {
    const node = this.choice();
    // Only a closing parenthesis ends a choice before the text ends.
    if (this.cursor.more) throw new RegexSyntaxError("regexp/syntax: internal error");
    return node;
  }

  private choice(): Node {
    const options = [this.sequence()];
    while (this.cursor.take("|")) options.push(this.sequence());
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    let repeated = false;
    while (this.cursor.more && !this.cursor.lookingAt("|") && !this.cursor.lookingAt(")")) {
      // RE2/J takes a brace for a repetition even where it counts nothing: another may not follow.
      const isBrace = this.cursor.lookingAt("{");
      const repetition = readRepetition(this.cursor);
      if (repetition !== NO_REPETITION) {
        if (repeated) throw new RegexSyntaxError("invalid nested repetition operator");
        parts.push(repeat(parts.pop(), repetition));
      } else parts.push(...this.atom());
      repeated = isBrace || repetition !== NO_REPETITION;
    }
    return parts.length === 0 ? EMPTY : { kind: "sequence", parts };
  }

  /** What comes next: usually one thing; flags are nothing, quoted text may be much. */
  private atom(): Node[] {
    const { cursor } = this;
    if (cursor.lookingAt("(")) return this.group();
    for (const [text, place] of places) if (cursor.take(text)) return [{ kind: "place", place }];
    if (cursor.take(".")) return [character(anyCharacter())];
    if (cursor.lookingAt("[")) return [character(readBracketClass(cursor, this.foldCase))];
    if (cursor.take("\\Q")) return this.quoted();
    if (cursor.lookingAt("\\C")) throw new RegexSyntaxError("invalid escape sequence");
    const set = readUnicodeClass(cursor, this.foldCase) ?? readPerlClass(cursor, this.foldCase);
    if (set !== undefined) return [character(set)];
    if (cursor.lookingAt("\\")) return [this.literal(readEscape(cursor))];
    return [this.literal(cursor.next().codePointAt(0) ?? 0)];
  }

  private literal(code: number): Node {
    return character(range(code, code, this.foldCase));
  }

  private quoted(): Node[] {
    const { cursor } = this;
    const end = cursor.rest.indexOf("\\E");
    const text = end < 0 ? cursor.rest : cursor.rest.slice(0, end);
    cursor.skip(text.length);
    cursor.take("\\E");
    return Array.from(text, (quoted) => this.literal(quoted.codePointAt(0) ?? 0));
  }

  private group(): Node[] {
    const { cursor, foldCase } = this;
    if (cursor.lookingAt("(?P<") || cursor.lookingAt("(?<"))
      this.names.add(readGroupName(cursor, this.names));
    else if (cursor.lookingAt("(?")) {
      const flags = readFlags(cursor, foldCase);
      this.foldCase = flags.foldCase;
      if (!flags.opensGroup) return [];
    } else cursor.skip(1);
    this.depth++;
    if (this.depth > MAX_DEPTH) throw new RegexSyntaxError("expression nests too deeply");
    const node = this.choice();
    this.depth--;
    if (!cursor.take(")")) throw new RegexSyntaxError("missing closing )");
    // Flags that were set inside count no longer.
    this.foldCase = foldCase;
    return [node];
  }
}

function repeat(node: Node | undefined, { min, max }: Repetition): Node {
  if (node === undefined) throw new RegexSyntaxError("missing argument to repetition operator");
  return { kind: "repeat", node, min, max };
}

function character(set: CharSet): Node {
  return { kind: "character", set };
}
