/**
 * Standard input, line by line.
 */
import type { Interruption } from "../../tool/interruption.ts";
import { LineSplitter } from "./lines.ts";

/**
 * The lines as they come, as many at a time as came together, until there are no more or the process is told to stop.
 *
 * @param prompt is called whenever it waits for lines
 */
export async function* linesOfStandardInput(
  interruption: Interruption,
  prompt: (() => Promise<void>) | null,
): AsyncGenerator<Buffer[], void> {
  const splitter = new LineSplitter();
  const reader = Bun.stdin.stream().getReader();
  const interrupted = interruption.promise.then(() => ({ done: true, value: undefined }) as const);
  try {
    for (;;) {
      await prompt?.();
      const { done, value } = await Promise.race([reader.read(), interrupted]);
      if (done) break;
      yield splitter.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  const last = splitter.end();
  if (last !== null) yield [last];
}
