/** Options under two names, one of which Kafka means to take away. */
import { expect, test } from "bun:test";
import { parseWords } from "../../../../src/cli/tool/parse.ts";
import { warnOfOldNames } from "../../../../src/cli/tool/properties.ts";
import { consumerOptions } from "../../../../src/cli/tools/consume/options.ts";
import { KeptOutput } from "../../../support/command-run.ts";

function complaints(...words: readonly string[]): readonly string[] {
  const output = new KeptOutput();
  const { given } = parseWords(["--bootstrap-server", "a:1", ...words], consumerOptions, false);
  warnOfOldNames(given, consumerOptions, output);
  return output.complaints;
}

test("an old name is warned of where it is used, with the name that stays", () => {
  expect(complaints("--command-config", "file", "--formatter-property", "print.key=true")).toEqual([]);
  expect(complaints("--property", "print.key=true", "--consumer.config", "file")).toEqual([
    "Warning: --consumer.config is deprecated and will be removed in a future version. Use --command-config instead.",
    "Warning: --property is deprecated and will be removed in a future version. Use --formatter-property instead.",
  ]);
});

test("an option is refused under both of its names", () => {
  expect(() => complaints("--consumer-property", "a=b", "--command-property", "c=d")).toThrow(
    "Options --command-property and --consumer-property cannot be specified together.",
  );
});
