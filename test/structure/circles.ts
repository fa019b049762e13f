/**
 * Circles of imports: files that can't be understood, loaded or tested one without the other.
 */
import type { SourceFile } from "./sources.ts";

/** The circles that are left at run time, a line each. Types may name each other, and what is loaded later may import its loader. */
export function importCircles(files: readonly SourceFile[]): string[] {
  const imports = new Map(files.map((file) => [file.path, loadedWith(file)]));
  const circles: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const follow = (path: string): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(" > "));
    if (done.has(path)) return;
    done.add(path);
    way.push(path);
    for (const next of imports.get(path) ?? []) follow(next);
    way.pop();
  };
  for (const path of imports.keys()) follow(path);
  return circles;
}

function loadedWith({ imports }: SourceFile): Set<string> {
  const needed = imports.filter(({ isFile, typeOnly, later }) => isFile && !typeOnly && !later);
  return new Set(needed.map(({ target }) => target));
}
