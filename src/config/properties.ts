/**
 * The .properties format as java.util.Properties reads it, with the line each key stands on.
 */
export interface Property {
  readonly key: string;
  readonly value: string;
  /** From 1: the first line of the entry. */
  readonly line: number;
}

/** A file that is no .properties file, with the line. */
export class PropertiesError extends Error {
  override readonly name = "PropertiesError";

  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * All entries in their order; where a key stands twice, the last one counts.
 *
 * @throws PropertiesError for a `\u` that four hexadecimal digits don't follow
 */
export function parseProperties(text: string): Property[] {
  const lines = text.split(/\r\n|\r|\n/);
  const entries: Property[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let entry = (lines[index] ?? "").replace(/^[ \t\f]+/, "");
    if (entry === "" || entry.startsWith("#") || entry.startsWith("!")) continue;
    while (endsWithOpenBackslash(entry) && index + 1 < lines.length) {
      index++;
      entry = entry.slice(0, -1) + (lines[index] ?? "").replace(/^[ \t\f]+/, "");
    }
    // The file may end within an entry: its last backslash says nothing then.
    if (endsWithOpenBackslash(entry)) entry = entry.slice(0, -1);
    entries.push({ ...splitEntry(entry, line), line });
  }
  return entries;
}

const endsWithOpenBackslash = (line: string): boolean => (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;

/** The key ends at the first blank, `=` or `:` without a backslash before it. */
function splitEntry(entry: string, line: number): { key: string; value: string } {
  const match = /^((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*(.*)$/s.exec(entry);
  return { key: unescaped(match?.[1] ?? "", line), value: unescaped(match?.[2] ?? "", line) };
}

const escapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };

function unescaped(text: string, line: number): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, escaped: string) => {
    if (escaped.length > 1) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    if (escaped === "u") throw new PropertiesError(line, "\\u must be followed by four hexadecimal digits");
    return escapes[escaped] ?? escaped;
  });
}
