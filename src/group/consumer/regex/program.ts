/**
 * A regular expression as an automaton: states that are passed one after the other, several at a time.
 */
import type { CharSet } from "./char-set.ts";
import type { Node, Place } from "./node.ts";
import { NEVER } from "./node.ts";
import { RegexSyntaxError } from "./syntax-error.ts";

/** The longest name that a topic may have. */
const MAX_NAME_LENGTH = 249;
/** Far more than expressions need that somebody wrote. */
const MAX_STATES = 100_000;

export type State =
  | { readonly kind: "character"; readonly set: CharSet; readonly next: number }
  | { readonly kind: "place"; readonly place: Place; readonly next: number }
  | { readonly kind: "fork"; next: readonly number[] }
  | { readonly kind: "end" };

export interface Program {
  readonly states: readonly State[];
  readonly start: number;
}

/** @throws RegexSyntaxError when it would take too many states */
export function compile(node: Node): Program {
  const compiler = new Compiler();
  const start = compiler.before(simplified(node), compiler.add({ kind: "end" }));
  return { states: compiler.states, start };
}

class Compiler {
  readonly states: State[] = [];

  add(state: State): number {
    if (this.states.length >= MAX_STATES) throw new RegexSyntaxError("expression too large");
    return this.states.push(state) - 1;
  }

  /** Adds what matches `node` and then goes on at `next`; returns where it begins. */
  before(node: Node, next: number): number {
    switch (node.kind) {
      case "character":
        return this.add({ kind: "character", set: node.set, next });
      case "place":
        return this.add({ kind: "place", place: node.place, next });
      case "sequence":
        return node.parts.reduceRight((end, part) => this.before(part, end), next);
      case "choice":
        return this.add({ kind: "fork", next: node.options.map((option) => this.before(option, next)) });
      case "repeat":
        return this.repeat(node, next);
    }
  }

  private repeat({ node, min, max }: Node & { kind: "repeat" }, next: number): number {
    let start = next;
    if (max === Number.POSITIVE_INFINITY) {
      const fork: State = { kind: "fork", next: [] };
      start = this.add(fork);
      fork.next = [this.before(node, start), next];
    } else {
      for (let count = min; count < max; count++) {
        start = this.add({ kind: "fork", next: [this.before(node, start), next] });
      }
    }
    for (let count = 0; count < min; count++) start = this.before(node, start);
    return start;
  }
}

/**
 * The same expression as far as topic names go: what is repeated more often than a name is long comes down to any number
 * of times, or to never.
 */
function simplified(node: Node): Node {
  switch (node.kind) {
    case "sequence":
      return { kind: "sequence", parts: node.parts.map(simplified) };
    case "choice":
      return { kind: "choice", options: node.options.map(simplified) };
    case "repeat":
      return simplifiedRepeat(simplified(node.node), node.min, node.max);
    default:
      return node;
  }
}

function simplifiedRepeat(node: Node, min: number, max: number): Node {
  const length = minLength(node);
  const least = mayBeMissing(node) ? 0 : min;
  if (least * length > MAX_NAME_LENGTH) return NEVER;
  const most = max * Math.max(length, 1) >= MAX_NAME_LENGTH ? Number.POSITIVE_INFINITY : max;
  return { kind: "repeat", node, min: least, max: most };
}

/** Whether `node` matches the empty text wherever that is. */
function mayBeMissing(node: Node): boolean {
  switch (node.kind) {
    case "character":
    case "place":
      return false;
    case "sequence":
      return node.parts.every(mayBeMissing);
    case "choice":
      return node.options.some(mayBeMissing);
    case "repeat":
      return node.min === 0 || mayBeMissing(node.node);
  }
}

/** How short a text can be that `node` matches. */
function minLength(node: Node): number {
  switch (node.kind) {
    case "character":
      return 1;
    case "place":
      return 0;
    case "sequence":
      return node.parts.reduce((sum, part) => sum + minLength(part), 0);
    case "choice":
      return Math.min(...node.options.map(minLength));
    case "repeat":
      return node.min === 0 ? 0 : node.min * minLength(node.node);
  }
}
