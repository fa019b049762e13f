/**
 * Tables as Kafka's tools print them.
 */

/** Cells padded to the columns' widths, one blank between them; longer ones push the rest to the right. */
export function paddedRow(cells: readonly (string | number)[], widths: readonly number[]): string {
  return cells.map((cell, index) => String(cell).padEnd(widths[index] ?? 0)).join(" ");
}

/** The length of the longest text. */
export function longest(texts: readonly string[], least = 0): number {
  return Math.max(least, ...texts.map(({ length }) => length));
}

/** A table with columns as wide as their longest cell, a tab behind each. */
export function tabbedTable(
  headers: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const all = [headers, ...rows].map((cells) => cells.map(String));
  const widths = headers.map((_, column) => longest(all.map((cells) => cells[column] ?? "")));
  return all
    .map((cells) => cells.map((cell, column) => `${cell.padEnd(widths[column] ?? 0)}\t`).join(""))
    .join("\n");
}
