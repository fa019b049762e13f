/**
 * Says whether names match a program, in a time that grows with their length only: all states that a name may have led
 * to are followed at once, and where such a set of states has led before is kept.
 */
import type { Place } from "./node.ts";
import type { Program } from "./program.ts";

const ASCII = 128;
/** How many sets of states are kept; beyond, all are forgotten. */
const MAX_KEPT = 2000;
/** How many states are looked at in all before an expression is given up: half a second or so. */
const MAX_STEPS = 50_000_000;

type Before = "nothing" | "word" | "other";

interface StateSet {
  /** Numbers of states, in order. */
  readonly states: readonly number[];
  readonly before: Before;
  /** Where each character leads, once that has been found out. */
  readonly next: (StateSet | undefined)[];
  /** Whether a name may end here, once that has been found out. */
  mayEnd: boolean | undefined;
}

/** An expression that takes too much time: it has been written for that. */
export class TooManyStepsError extends Error {
  constructor() {
    super("it takes too many steps");
    this.name = "TooManyStepsError";
  }
}

export class Matcher {
  private kept = new Map<string, StateSet>();
  private steps = 0;
  private start: StateSet;

  constructor(private readonly program: Program) {
    this.start = this.keep([program.start], "nothing");
  }

  /**
   * Whether the whole name matches.
   *
   * @throws TooManyStepsError
   */
  matches(name: string): boolean {
    let set = this.start;
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at);
      if (code >= ASCII) return false;
      set = set.next[code] ?? this.step(set, code);
      if (set.states.length === 0) return false;
    }
    return set.mayEnd ?? this.mayEnd(set);
  }

  private step(set: StateSet, code: number): StateSet {
    const word = isWord(code);
    const reached = new Set<number>();
    for (const state of this.closure(set, word, false)) {
      if (state.kind === "character" && state.set[code] === 1) reached.add(state.next);
    }
    const states = [...reached].sort((one, other) => one - other);
    const next = this.keep(states, word ? "word" : "other");
    set.next[code] = next;
    return next;
  }

  private mayEnd(set: StateSet): boolean {
    set.mayEnd = this.closure(set, false, true).some(({ kind }) => kind === "end");
    return set.mayEnd;
  }

  /** The states that are reached without a character: beyond forks, and places that this is one of. */
  private *closure({ states, before }: StateSet, wordFollows: boolean, atEnd: boolean) {
    const seen = new Set(states);
    for (const number of seen) {
      this.steps++;
      const state = this.program.states[number];
      if (state?.kind === "fork") for (const next of state.next) seen.add(next);
      else if (state?.kind === "place") {
        if (isAt(state.place, before, wordFollows, atEnd)) seen.add(state.next);
      } else if (state !== undefined) yield state;
    }
    if (this.steps > MAX_STEPS) throw new TooManyStepsError();
  }

  private keep(states: readonly number[], before: Before): StateSet {
    const key = `${before} ${states.join()}`;
    let set = this.kept.get(key);
    if (set !== undefined) return set;
    if (this.kept.size >= MAX_KEPT) {
      this.kept = new Map();
      this.start = { ...this.start, next: new Array(ASCII) };
    }
    set = { states, before, next: new Array(ASCII), mayEnd: undefined };
    this.kept.set(key, set);
    return set;
  }
}

function isAt(place: Place, before: Before, wordFollows: boolean, atEnd: boolean): boolean {
  switch (place) {
    case "begin":
      return before === "nothing";
    case "end":
      return atEnd;
    case "word boundary":
      return (before === "word") !== wordFollows;
    case "no word boundary":
      return (before === "word") === wordFollows;
  }
}

function isWord(code: number): boolean {
  return /^\w$/.test(String.fromCharCode(code));
}
