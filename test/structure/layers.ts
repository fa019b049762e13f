/**
 * Which part of the house may import which, and what the parts that only compute must not know about.
 */
import type { Import, SourceFile } from "./sources.ts";

const leaves = ["clock", "config", "disk", "net", "observe"];
const storage = ["log", "records", "protocol"];
const coordinators = ["group", "transaction", "security", "coordinator", "metadata"];

/**
 * For every part (a folder of src/, or a file in it) the other parts that it may import. The metadata image is what
 * the coordinators look topics up in, so they may import it, and it none of them.
 */
const mayImport: Record<string, readonly string[]> = {
  main: ["cli", "broker", ...leaves, "protocol"],
  cli: ["broker", "api", "client", ...coordinators, ...storage, ...leaves],
  // What our tools talk to any broker with: it must not know ours.
  client: ["records", "protocol", "config", "clock"],
  broker: ["api", ...coordinators, ...storage, ...leaves],
  api: [...coordinators, ...storage, ...leaves],
  group: ["coordinator", "metadata", ...storage, ...leaves],
  transaction: ["coordinator", "metadata", ...storage, ...leaves],
  coordinator: ["metadata", ...storage, ...leaves],
  security: ["metadata", ...storage, ...leaves],
  metadata: [...storage, ...leaves],
  log: ["records", "protocol", "clock", "config", "disk", "observe"],
  records: ["protocol"],
  protocol: [],
  net: ["clock", "config", "observe"],
  disk: ["observe"],
  config: [],
  observe: ["clock"],
  clock: [],
};

/** The parts that are given clock, random numbers and disk, and ask no machine for anything. */
const pureParts = new Set(["protocol", "records", "group", "transaction", "coordinator", "metadata"]);
/** Where records reach for what is faster outside of TypeScript. */
const impure = /^records\/(compression\/|native\b)/;
const machineNames = ["Bun", "process", "globalThis"];
/** Leaves that stand for the machine; a pure part may name their types, and is handed the thing itself. */
const machineLeaves = new Set(["disk", "net"]);

/** What the imports of `file` break, in sentences; `packages` are the modules from outside that it may import. */
export function brokenImportRules(file: SourceFile, packages: ReadonlySet<string>): string[] {
  const part = partOf(file.path);
  const allowed = mayImport[part];
  if (!allowed) return [`${file.path}: ${part} is no part of the house that test/structure/layers.ts knows`];
  const pure = pureParts.has(part) && !impure.test(file.path);
  const broken = file.imports.flatMap((wanted) => {
    const why = wanted.isFile
      ? whyNotFile(part, allowed, pure, wanted)
      : whyNotModule(pure, packages, wanted.target);
    return why ? [`${file.path} imports ${wanted.target}: ${why}`] : [];
  });
  const names = pure ? machineNames.filter((name) => file.identifiers.has(name)) : [];
  return [...broken, ...names.map((name) => `${file.path} uses ${name}: ${part} must not know the machine`)];
}

function whyNotFile(part: string, allowed: readonly string[], pure: boolean, wanted: Import): string | null {
  if (wanted.target === "../package.json") return null;
  if (!wanted.target.endsWith(".ts")) return "an import ends in .ts";
  const other = partOf(wanted.target);
  if (other === part) return null;
  if (!allowed.includes(other)) return `${part} must not import ${other}`;
  if (pure && machineLeaves.has(other) && !wanted.typeOnly)
    return `${part} may only import types of ${other}`;
  return null;
}

function whyNotModule(pure: boolean, packages: ReadonlySet<string>, module: string): string | null {
  const ofTheMachine = /^(node:|bun(:|$))/.test(module);
  if (pure) return ofTheMachine ? "clock, random numbers and disk are handed in" : "it is not our own";
  if (ofTheMachine) return null;
  const name = module.split("/", module.startsWith("@") ? 2 : 1).join("/");
  if (packages.has(name)) return null;
  return "package.json does not list it as a dependency";
}

/** `log/segment.ts` is of the part log, `clock.ts` of the part clock. */
function partOf(path: string): string {
  const [first = ""] = path.split("/");
  return first.replace(/\.ts$/, "");
}
