/**
 * Reads a Dockerfile: its stages, and of each what it does, in order.
 */
export interface Instruction {
  /** In upper case: RUN, COPY. */
  readonly keyword: string;
  /** What stands behind it, its lines joined. */
  readonly text: string;
}

export interface Stage {
  readonly from: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** The stages in their order; the image is made of the last one. */
export function parseDockerfile(text: string): Stage[] {
  const stages: { from: string; name: string | undefined; instructions: Instruction[] }[] = [];
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  for (const line of lines
    .join("\n")
    .replace(/\\\n\s*/g, "")
    .split("\n")) {
    const [, keyword = "", rest = ""] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
    if (keyword.toUpperCase() === "FROM") {
      const [, from = "", name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest) ?? [];
      stages.push({ from, name, instructions: [] });
    } else stages.at(-1)?.instructions.push({ keyword: keyword.toUpperCase(), text: rest });
  }
  return stages;
}

/** The words of an instruction in its JSON form, or what a shell makes of it. */
export function commandOf(text: string): string[] {
  return text.startsWith("[") ? JSON.parse(text) : ["/bin/sh", "-c", text];
}
