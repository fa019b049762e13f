/**
 * Turns a declaration into the source text of a reader and of a writer for one version. Only names, types and
 * numbers from our own declarations go into the text, never anything from outside.
 */
import { type Definition, type Field, type Fields, inRange } from "./schema.ts";

/** A function's body, and the values it takes from its parameter `constants`. */
export interface Source {
  readonly source: string;
  readonly constants: readonly unknown[];
}

/** Names, constants and the version while one function is written. */
class Scope {
  private names = 0;
  readonly constants: unknown[] = [];
  readonly flexible: boolean;
  readonly keepUnknown: boolean;

  constructor(
    definition: Definition,
    readonly version: number,
  ) {
    this.flexible = inRange(definition.flexible, version);
    // What a request carries beyond what we know is of no use to us; in a log it is somebody's data.
    this.keepUnknown = definition.kind === "record" || definition.kind === "data";
  }

  name(): string {
    return `v${this.names++}`;
  }

  constant(value: unknown): string {
    if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "string") return JSON.stringify(value);
    this.constants.push(value);
    return `constants[${this.constants.length - 1}]`;
  }

  present(fields: Fields): { plain: [string, Field][]; tagged: [string, Field][] } {
    const present = Object.entries(fields).filter(([, field]) => inRange(field.versions, this.version));
    return {
      plain: present.filter(([, field]) => field.tag === undefined),
      tagged: present
        .filter(([, field]) => field.tag !== undefined)
        .sort(([, left], [, right]) => (left.tag ?? 0) - (right.tag ?? 0)),
    };
  }

  nullable(field: Field): boolean {
    return inRange(field.nullable, this.version);
  }

  compact(field: Field): boolean {
    return this.flexible && !field.plain;
  }
}

/** What an absent field has: the same as a message of which nothing was said. */
export function defaultOf(field: Field): unknown {
  if (field.type !== "struct" || field.default === null) return field.default;
  return Object.fromEntries(
    Object.entries(field.fields ?? {}).map(([name, inner]) => [name, defaultOf(inner)]),
  );
}

/** Whether a tagged field may be left out because it says what its absence says. */
function isDefault(field: Field, value: unknown): boolean {
  if (value === undefined || value === field.default) return true;
  if (value === null) return false;
  switch (field.type) {
    case "int64":
      return BigInt(value as bigint) === BigInt(field.default as bigint);
    case "array":
    case "bytes":
      return field.default !== null && (value as { length: number }).length === 0;
    case "struct":
      if (field.default === null) return false;
      return Object.entries(field.fields ?? {}).every(([name, inner]) =>
        isDefault(inner, (value as Record<string, unknown>)[name]),
      );
    default:
      return false;
  }
}

/** The body of `(reader) => value`. */
export function readerSource(definition: Definition, version: number): Source {
  const scope = new Scope(definition, version);
  const body = readStruct(scope, definition.fields(), "value");
  return { source: `return (reader) => {\n${body}return value;\n};`, constants: scope.constants };
}

function readStruct(scope: Scope, fields: Fields, target: string): string {
  const { plain, tagged } = scope.present(fields);
  const locals = new Map<string, string>();
  let body = "";
  for (const [name, field] of plain) {
    const local = scope.name();
    locals.set(name, local);
    body += readField(scope, field, local);
  }
  const members = Object.entries(fields).map(([name, field]) => {
    return `${name}: ${locals.get(name) ?? absent(scope, field)}`;
  });
  body += `const ${target} = { ${members.join(", ")} };\n`;
  if (!scope.flexible) return body;
  const cases = tagged.map(([name, field]) => {
    const local = scope.name();
    return `case ${field.tag}: {\n${readField(scope, field, local)}${target}.${name} = ${local};\nreturn true;\n}\n`;
  });
  const unknown = scope.name();
  body += `const ${unknown} = reader.taggedFields((tag) => { switch (tag) {\n${cases.join("")}} return false; }, ${scope.keepUnknown});\n`;
  if (scope.keepUnknown)
    body += `if (${unknown} !== undefined) ${target}.unknownTaggedFields = ${unknown};\n`;
  return body;
}

function absent(scope: Scope, field: Field): string {
  // Each message gets an array of its own: nobody who changes it changes another's.
  if (field.type === "array" && field.default !== null) return "[]";
  if (field.type === "struct" && field.default !== null) {
    const members = Object.entries(field.fields ?? {}).map(
      ([name, inner]) => `${name}: ${absent(scope, inner)}`,
    );
    return `{ ${members.join(", ")} }`;
  }
  return scope.constant(field.default);
}

function readField(scope: Scope, field: Field, target: string): string {
  const compact = scope.compact(field);
  switch (field.type) {
    case "string":
      return readSized(scope, field, target, `reader.stringLength(${compact})`, "string");
    case "bytes":
    case "records":
      return readSized(scope, field, target, `reader.length(${compact})`, "bytes");
    case "array":
      return readArray(scope, field, target);
    case "struct":
      return readStructField(scope, field, target);
    default:
      return `const ${target} = reader.${field.type}();\n`;
  }
}

function readSized(scope: Scope, field: Field, target: string, length: string, method: string): string {
  const size = scope.name();
  const value = scope.nullable(field)
    ? `${size} === -1 ? null : reader.${method}(${size})`
    : `reader.${method}(${size})`;
  return `const ${size} = ${length};\nconst ${target} = ${value};\n`;
}

function readArray(scope: Scope, field: Field, target: string): string {
  const { element } = field;
  if (element === undefined) throw new Error("an array is declared without its element");
  const length = scope.name();
  const index = scope.name();
  const item = scope.name();
  const declared = `const ${length} = reader.length(${scope.compact(field)});\nlet ${target} = null;\n`;
  const guard = scope.nullable(field) ? `if (${length} !== -1) ` : "";
  const inner =
    element.type === "struct"
      ? readStruct(scope, element.fields ?? {}, item)
      : readField(scope, { ...element, tag: undefined }, item);
  return (
    `${declared}${guard}{\n${target} = new Array(reader.checkedArrayLength(${length}, ${minimumSize(scope, element)}));\n` +
    `for (let ${index} = 0; ${index} < ${length}; ${index}++) {\n${inner}${target}[${index}] = ${item};\n}\n}\n`
  );
}

function readStructField(scope: Scope, field: Field, target: string): string {
  const inner = scope.name();
  const body = readStruct(scope, field.fields ?? {}, inner);
  if (!scope.nullable(field)) return `${body}const ${target} = ${inner};\n`;
  return `let ${target} = null;\nif (reader.int8() > ${nullMark(field)}) {\n${body}${target} = ${inner};\n}\n`;
}

/** The byte before a nullable struct that says null (KIP-893); 1 says that a struct follows. */
function nullMark(field: Field): number {
  return field.tag === undefined ? -1 : 0;
}

/** The fewest bytes that a field can take: what an array's claimed length is checked with. */
function minimumSize(scope: Scope, field: Field): number {
  const compact = scope.compact(field);
  switch (field.type) {
    case "int8":
    case "boolean":
      return 1;
    case "int16":
    case "uint16":
      return 2;
    case "int32":
    case "uint32":
      return 4;
    case "int64":
    case "float64":
      return 8;
    case "uuid":
      return 16;
    case "string":
      return compact ? 1 : 2;
    case "bytes":
    case "records":
    case "array":
      return compact ? 1 : 4;
    case "struct":
      if (scope.nullable(field)) return 1;
      return scope
        .present(field.fields ?? {})
        .plain.reduce((sum, [, inner]) => sum + minimumSize(scope, inner), scope.flexible ? 1 : 0);
  }
}

/** The body of `(writer, value) => void`. */
export function writerSource(definition: Definition, version: number): Source {
  const scope = new Scope(definition, version);
  const body = writeStruct(scope, definition.fields(), "value");
  return { source: `return (writer, value) => {\n${body}};`, constants: scope.constants };
}

function writeStruct(scope: Scope, fields: Fields, source: string, writer = "writer"): string {
  const { plain, tagged } = scope.present(fields);
  let body = "";
  for (const [name, field] of plain) body += writeMember(scope, field, `${source}.${name}`, writer);
  if (!scope.flexible) return body;
  if (tagged.length === 0) {
    const unknown = scope.keepUnknown ? `${source}.unknownTaggedFields` : "undefined";
    return `${body}if (${unknown} === undefined) ${writer}.int8(0); else ${writer}.taggedFields([], undefined, ${unknown});\n`;
  }
  const tags = scope.name();
  body += `const ${tags} = [];\n`;
  let cases = "";
  for (const [name, field] of tagged) {
    const skip = scope.constant((value: unknown) => isDefault(field, value));
    body += `if (!${skip}(${source}.${name})) ${tags}.push(${field.tag});\n`;
    cases += `case ${field.tag}: {\n${writeMember(scope, field, `${source}.${name}`, "content")}break;\n}\n`;
  }
  const unknown = scope.keepUnknown ? `${source}.unknownTaggedFields` : "undefined";
  return `${body}${writer}.taggedFields(${tags}, (tag, content) => { switch (tag) {\n${cases}} }, ${unknown});\n`;
}

function writeMember(scope: Scope, field: Field, source: string, writer: string): string {
  const local = scope.name();
  const fallback = absent(scope, field);
  return `const ${local} = ${source} === undefined ? ${fallback} : ${source};\n${writeField(scope, field, local, writer)}`;
}

function writeField(scope: Scope, field: Field, value: string, writer: string): string {
  const compact = scope.compact(field);
  switch (field.type) {
    case "string":
      return orNull(
        scope,
        field,
        value,
        `${writer}.nullString(${compact});`,
        `${writer}.string(${value}, ${compact});`,
      );
    case "bytes":
    case "records":
      return orNull(
        scope,
        field,
        value,
        `${writer}.length(-1, ${compact});`,
        `${writer}.${field.type}(${value}, ${compact});`,
      );
    case "array":
      return orNull(
        scope,
        field,
        value,
        `${writer}.length(-1, ${compact});`,
        writeArray(scope, field, value, writer),
      );
    case "struct": {
      const body = writeStruct(scope, field.fields ?? {}, value, writer);
      const marked = scope.nullable(field) ? `${writer}.int8(1);\n${body}` : body;
      return orNull(scope, field, value, `${writer}.int8(${nullMark(field)});`, marked);
    }
    default:
      return `${writer}.${field.type}(${value});\n`;
  }
}

function orNull(scope: Scope, field: Field, value: string, whenNull: string, otherwise: string): string {
  return scope.nullable(field)
    ? `if (${value} === null) { ${whenNull} } else {\n${otherwise}\n}\n`
    : `{\n${otherwise}\n}\n`;
}

function writeArray(scope: Scope, field: Field, value: string, writer: string): string {
  const { element } = field;
  if (element === undefined) throw new Error("an array is declared without its element");
  const item = scope.name();
  const inner =
    element.type === "struct"
      ? writeStruct(scope, element.fields ?? {}, item, writer)
      : writeField(scope, element, item, writer);
  return `${writer}.length(${value}.length, ${scope.compact(field)});\nfor (const ${item} of ${value}) {\n${inner}}\n`;
}
