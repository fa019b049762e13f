/**
 * Kafka's checkpoint files: a line with version 0, a line with the number of entries, then a line an entry with its
 * fields separated by spaces. A file without a byte holds no entries.
 */

const VERSION = "0";

/** The text of a checkpoint file. */
export function formatCheckpoint(lines: readonly string[]): string {
  return `${VERSION}\n${lines.length}\n${lines.map((line) => `${line}\n`).join("")}`;
}

/**
 * The fields of every entry.
 *
 * @throws SyntaxError when the text isn't such a file: wrong version, count, number of fields, or a last field that is
 * not a whole number
 */
export function parseCheckpoint(text: string, fieldCount: number): string[][] {
  if (text.length === 0) return [];
  const [version, count, ...lines] = text.split("\n");
  if (version !== VERSION) throw new SyntaxError(`Unknown version ${version} of a checkpoint file`);
  const entries = lines.filter((line) => line.length > 0).map((line) => line.trim().split(/\s+/));
  if (String(entries.length) !== count) {
    throw new SyntaxError(`A checkpoint file of ${count} entries holds ${entries.length}`);
  }
  for (const fields of entries) {
    if (fields.length !== fieldCount || !isWhole(fields.at(-1)) || !isWhole(fields.at(-2))) {
      throw new SyntaxError(`'${fields.join(" ")}' is no entry of a checkpoint file`);
    }
  }
  return entries;
}

function isWhole(text: string | undefined): boolean {
  return text !== undefined && /^-?\d{1,16}$/.test(text);
}
