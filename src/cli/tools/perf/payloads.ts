/**
 * What the records of a performance test hold.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ToolFailure } from "../../tool/failure.ts";

/** The value of the record with this number, from 0. */
export type Payloads = (index: number) => Uint8Array;

/** Random letters are taken from a stock: to make them anew for each record would be what is measured. */
const STOCK_BYTES = 1024 * 1024;
const FIRST_LETTER = 65;
const LETTERS = 26;

/** Random capital letters, so many a record. */
export function randomPayloads(size: number, random: () => number = Math.random): Payloads {
  const stock = new Uint8Array(STOCK_BYTES + size);
  for (let at = 0; at < stock.length; at++) stock[at] = FIRST_LETTER + Math.floor(random() * LETTERS);
  return () => {
    const start = Math.floor(random() * STOCK_BYTES);
    return stock.subarray(start, start + size);
  };
}

/** 0, 1, 2 and so on, in decimal. */
export const countingPayloads: Payloads = (index) => Buffer.from(String(index));

/**
 * The parts of a text file in any order, each as often as it comes.
 *
 * @param delimiter what stands between the parts, a regular expression
 * @throws ToolFailure for a file that isn't there or has nothing in it
 */
export function filePayloads(
  path: string,
  delimiter: string,
  print: (line: string) => void,
  random: () => number = Math.random,
): Payloads {
  print(`Reading payloads from: ${resolve(path)}`);
  const parts = textOf(path).split(new RegExp(delimiter));
  // Java's split leaves out what is empty at the end.
  while (parts.length > 1 && parts.at(-1) === "") parts.pop();
  print(`Number of records read: ${parts.length}`);
  const payloads = parts.map((part) => Buffer.from(part));
  return () => payloads[Math.floor(random() * payloads.length)] ?? Buffer.alloc(0);
}

function textOf(path: string): string {
  let text = "";
  try {
    text = readFileSync(path, "utf8");
  } catch {
    // Told below, together with an empty one.
  }
  if (text === "") throw new ToolFailure("File does not exist or empty file provided.");
  return text;
}
