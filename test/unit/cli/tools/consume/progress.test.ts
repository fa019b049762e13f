import { expect, test } from "bun:test";
import { Progress } from "../../../../../src/cli/tools/consume/progress.ts";
import { eventually } from "../../../../support/eventually.ts";

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
}

test("a terminal is told that nothing has come yet, and the line is gone afterwards", async () => {
  const screen = terminal(true);
  const progress = new Progress(screen, "waiting");
  await eventually(() => expect(screen.written).not.toBeEmpty());
  progress.end();
  expect(screen.written[0]).toContain("waiting (0 s)");
  expect(screen.written.at(-1)).toBe("\r\u001b[2K");
});

test("a terminal on which nothing was shown stays as it is", () => {
  const screen = terminal(true);
  new Progress(screen, "waiting").end();
  expect(screen.written).toEqual([]);
});
