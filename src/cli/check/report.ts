/**
 * What a check finds, told as it is found. A problem is something that is lost, would be lost, or would be served wrong;
 * a note is something that the next start of a broker puts right by itself, or that a person may want to know.
 */
import type { Output } from "../output.ts";

/** Findings about one file or folder that are told; the others are counted. */
const TOLD_PER_PATH = 10;

export class Report {
  problems = 0;
  notes = 0;
  /** What was looked at. */
  readonly looked = { topics: new Set<string>(), partitions: 0, segments: 0, batches: 0, bytes: 0 };
  private path = "";
  private told = 0;

  constructor(private readonly output: Output) {}

  /** @param position the byte of the file that it begins at */
  problem(path: string, what: string, position?: number): void {
    this.problems++;
    this.tell("problem", path, what, position);
  }

  note(path: string, what: string, position?: number): void {
    this.notes++;
    this.tell("note   ", path, what, position);
  }

  /** A problem, or where a start puts it right, a note. */
  finding(isNote: boolean, path: string, what: string, position?: number): void {
    if (isNote) this.note(path, what, position);
    else this.problem(path, what, position);
  }

  line(text: string): void {
    this.more();
    this.output.line(text);
  }

  private tell(kind: string, path: string, what: string, position: number | undefined): void {
    if (path !== this.path) this.more();
    this.path = path;
    this.told++;
    if (this.told > TOLD_PER_PATH) return;
    this.output.line(`${kind} ${path}${position === undefined ? "" : ` at byte ${position}`}: ${what}`);
  }

  private more(): void {
    if (this.told > TOLD_PER_PATH)
      this.output.line(`        ${this.path}: ${this.told - TOLD_PER_PATH} more of it`);
    this.told = 0;
    this.path = "";
  }
}
