/**
 * Says whether names match a program, in a time that grows with their length only: all states that a name may have led
 * to are followed at once, and where such a set of states has led before is kept.
 */
import type { Place } from "./node.ts";
import type { Program } from "./program.ts";

const ASCII = 128;
const WORD_CHARACTER = /\w/;
/** How many sets of states are kept; beyond, all are forgotten. */
const MAX_KEPT = 2000;
/** A larger set is not kept: it hardly comes again, and to look for it costs more than to find out where it leads. */
const MAX_KEPT_SIZE = 200;
/** How many states are looked at in all before an expression is given up: a second or so. */
const MAX_STEPS = 5_000_000;

type Before = "nothing" | "word" | "other";

interface StateSet {
  /** Numbers of states. */
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
  /** States that are to be looked at, or have been; and in which round each was last put there. */
  private readonly queue: Int32Array;
  private readonly queuedIn: Int32Array;
  private queued = 0;
  private round = 0;

  constructor(private readonly program: Program) {
    this.queue = new Int32Array(program.states.length);
    this.queuedIn = new Int32Array(program.states.length);
    this.start = this.setOf([program.start], "nothing");
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
    const isWord = WORD_CHARACTER.test(String.fromCharCode(code));
    const count = this.close(set, isWord, false);
    const reached = new Set<number>();
    for (let at = 0; at < count; at++) {
      const state = this.program.states[this.queue[at] ?? 0];
      if (state?.kind === "character" && state.set[code] === 1) reached.add(state.next);
    }
    const next = this.setOf([...reached], isWord ? "word" : "other");
    if (set.states.length <= MAX_KEPT_SIZE && next.states.length <= MAX_KEPT_SIZE) set.next[code] = next;
    return next;
  }

  private mayEnd(set: StateSet): boolean {
    const states = this.queue.subarray(0, this.close(set, false, true));
    set.mayEnd = states.some((number) => this.program.states[number]?.kind === "end");
    return set.mayEnd;
  }

  /**
   * Puts the states into the queue that are reached without a character: beyond forks, and places that this is one of.
   * Returns how many there are.
   */
  private close({ states, before }: StateSet, wordFollows: boolean, atEnd: boolean): number {
    this.round++;
    this.queued = 0;
    for (const number of states) this.enqueue(number);
    for (let at = 0; at < this.queued; at++) {
      const state = this.program.states[this.queue[at] ?? 0];
      if (state?.kind === "fork") for (const next of state.next) this.enqueue(next);
      else if (state?.kind === "place" && isAt(state.place, before, wordFollows, atEnd)) {
        this.enqueue(state.next);
      }
    }
    this.steps += this.queued;
    if (this.steps > MAX_STEPS) throw new TooManyStepsError();
    return this.queued;
  }

  private enqueue(number: number): void {
    if (this.queuedIn[number] === this.round) return;
    this.queuedIn[number] = this.round;
    this.queue[this.queued++] = number;
  }

  private setOf(states: readonly number[], before: Before): StateSet {
    if (states.length > MAX_KEPT_SIZE) return newSet(states, before);
    const key = `${before} ${states.toSorted((one, other) => one - other).join()}`;
    const held = this.kept.get(key);
    if (held !== undefined) return held;
    if (this.kept.size >= MAX_KEPT) {
      this.kept = new Map();
      this.start = newSet(this.start.states, this.start.before);
    }
    const set = newSet(states, before);
    this.kept.set(key, set);
    return set;
  }
}

function newSet(states: readonly number[], before: Before): StateSet {
  return { states, before, next: [], mayEnd: undefined };
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
