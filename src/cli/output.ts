/**
 * What a command prints. Written in large pieces and waiting for whoever reads it, so that printing a file of any
 * size takes no more memory than one piece.
 */
import { write, writeSync } from "node:fs";
import { isDiskError } from "../disk/disk.ts";

/** Whoever was reading has gone, as `head` does when it has seen enough. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

export interface Output {
  /** A line of what was asked for; the line's end is added. */
  line(text: string): void;
  /** A line about what went wrong, to standard error, in its place among the others. */
  complain(text: string): void;
  /**
   * Bytes of what was asked for, as they are. Resolves when whoever reads has taken them; the process can do other
   * things meanwhile, as keep up its place in a group. Rejects with ReaderGone.
   */
  bytes(bytes: Uint8Array): Promise<void>;
  /** Hands on what is held back. */
  flush(): void;
}

const PIECE = 64 * 1024;
const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;
/** A pipe that is full and doesn't let its writer wait is tried again after so many milliseconds. */
const RETRY_MS = 5;

/** Standard output and standard error of this process. */
export function standardOutput(): Output {
  return new DescriptorOutput(STANDARD_OUTPUT, STANDARD_ERROR);
}

export class DescriptorOutput implements Output {
  private held: string[] = [];
  private heldLength = 0;

  constructor(
    private readonly output: number,
    private readonly complaints: number,
  ) {}

  line(text: string): void {
    this.held.push(text, "\n");
    this.heldLength += text.length + 1;
    if (this.heldLength >= PIECE) this.flush();
  }

  complain(text: string): void {
    this.flush();
    writeAll(this.complaints, `${text}\n`);
  }

  async bytes(bytes: Uint8Array): Promise<void> {
    this.flush();
    for (let done = 0; done < bytes.length; ) {
      try {
        done += await writeInBackground(this.output, bytes, done);
      } catch (error) {
        if (!isFull(error)) throw error;
        await Bun.sleep(RETRY_MS);
      }
    }
  }

  /** Throws ReaderGone when there is nobody to hand it to. */
  flush(): void {
    const text = this.held.join("");
    this.held = [];
    this.heldLength = 0;
    if (text !== "") writeAll(this.output, text);
  }
}

function writeInBackground(descriptor: number, bytes: Uint8Array, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, from, (error, written) => (error === null ? resolve(written) : reject(error)));
  });
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      if (!isFull(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

/** Whether a failure to write means that there is no room just now. Throws ReaderGone where nobody reads any more. */
function isFull(error: unknown): boolean {
  if (!isDiskError(error)) return false;
  if (error.code === "EPIPE") throw new ReaderGone();
  return error.code === "EAGAIN";
}
