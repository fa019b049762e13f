/**
 * The sources as TypeScript's own parser sees them, for the tests that look at how the house is built.
 */
import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Node, SyntaxKind } from "typescript/unstable/ast";
import {
  isCallExpression,
  isExportDeclaration,
  isExternalModuleReference,
  isIdentifier,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isPropertyAccessExpression,
  isStringLiteral,
} from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/async";

export interface Import {
  /** A file relative to the root of the sources (`log/segment.ts`), or a module's name (`node:fs`). */
  target: string;
  isFile: boolean;
  /** Nothing of it is left at run time. */
  typeOnly: boolean;
  /** Loaded when the program comes there, not with the file. */
  later: boolean;
}

/** An import as it is written. */
type WrittenImport = Omit<Import, "target" | "isFile"> & { name: string };

export interface SourceFile {
  /** Relative to the root of the sources. */
  path: string;
  text: string;
  imports: Import[];
  /** Names used otherwise than as a property, a set to look up `Bun` and the like in. */
  identifiers: Set<string>;
  /** Lines with the type `any` or a `!` that silences the type checker. */
  uncheckedLines: number[];
}

let ours: Promise<SourceFile[]> | undefined;

/** The files of src/, parsed once for all tests. */
export function ourSources(): Promise<SourceFile[]> {
  const checkout = join(import.meta.dir, "..", "..");
  ours ??= parseSources(join(checkout, "src"), join(checkout, "tsconfig.json"));
  return ours;
}

/**
 * Parses every .ts file below `root`, a folder inside a project whose tsconfig.json is `project`. Files that the
 * project leaves out are an error.
 */
export async function parseSources(root: string, project: string): Promise<SourceFile[]> {
  const api = new API({ cwd: dirname(project) });
  try {
    const snapshot = await api.updateSnapshot({ openProject: project });
    const program = snapshot.getProject(project)?.program;
    if (!program) throw new Error(`${project} cannot be opened`);
    const files: SourceFile[] = [];
    for (const path of typescriptFiles(root)) {
      const parsed = await program.getSourceFile(join(root, path));
      if (!parsed) throw new Error(`${join(root, path)} is not part of ${project}`);
      files.push(describeFile(root, path, parsed.text, parsed));
    }
    return files;
  } finally {
    await api.close();
  }
}

function typescriptFiles(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts")).sort();
}

function describeFile(root: string, path: string, text: string, tree: Node): SourceFile {
  const file: SourceFile = { path, text, imports: [], identifiers: new Set(), uncheckedLines: [] };
  const visit = (node: Node): void => {
    const module = importedModule(node);
    if (module) file.imports.push(resolveImport(root, path, module));
    if (node.kind === SyntaxKind.AnyKeyword || node.kind === SyntaxKind.NonNullExpression) {
      file.uncheckedLines.push(text.slice(0, node.end).split("\n").length);
    }
    if (isIdentifier(node)) file.identifiers.add(node.text);
    if (isPropertyAccessExpression(node)) visit(node.expression);
    else node.forEachChild(visit);
  };
  visit(tree);
  return file;
}

function resolveImport(root: string, path: string, { name, ...how }: WrittenImport): Import {
  if (!name.startsWith(".")) return { target: name, isFile: false, ...how };
  return { target: relative(root, join(root, dirname(path), name)), isFile: true, ...how };
}

/** The module that a node imports, in any of the ways that TypeScript has for it. */
function importedModule(node: Node): WrittenImport | null {
  if (isImportDeclaration(node) && isStringLiteral(node.moduleSpecifier)) {
    const typeOnly = node.importClause?.phaseModifier === SyntaxKind.TypeKeyword;
    return { name: node.moduleSpecifier.text, typeOnly, later: false };
  }
  if (isExportDeclaration(node) && node.moduleSpecifier && isStringLiteral(node.moduleSpecifier)) {
    return { name: node.moduleSpecifier.text, typeOnly: node.isTypeOnly, later: false };
  }
  if (isImportTypeNode(node) && isLiteralTypeNode(node.argument) && isStringLiteral(node.argument.literal)) {
    return { name: node.argument.literal.text, typeOnly: true, later: false };
  }
  if (isExternalModuleReference(node) && isStringLiteral(node.expression)) {
    return { name: node.expression.text, typeOnly: false, later: false };
  }
  if (isCallExpression(node)) {
    const [argument] = node.arguments;
    const imports = node.expression.kind === SyntaxKind.ImportKeyword;
    const requires = isIdentifier(node.expression) && node.expression.text === "require";
    if ((imports || requires) && argument && isStringLiteral(argument)) {
      return { name: argument.text, typeOnly: false, later: imports };
    }
  }
  return null;
}
