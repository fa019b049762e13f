/**
 * Runs programs to their end.
 */

/** What came of a program that has ended. */
export interface ProgramRun {
  readonly code: number;
  readonly output: string;
  readonly complaint: string;
}

interface RunOptions {
  /** What is to be read from standard input; without it there is nothing. */
  readonly input?: string | Uint8Array;
  /** The name that the program is called by, where it isn't its file's. */
  readonly argv0?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program by its command. */
export async function runProgram(
  command: readonly string[],
  { input, ...options }: RunOptions = {},
): Promise<ProgramRun> {
  const child = Bun.spawn([...command], {
    ...options,
    stdin: input === undefined ? "ignore" : Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, complaint, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { code, output, complaint };
}
