/**
 * Floating-point numbers as Java prints them: with a point always, and with an exponent where they are large or small.
 */

const PLAIN_FROM = 1e-3;
const PLAIN_UP_TO = 1e7;

/** A number of 64 bits. */
export function javaDouble(value: number): string {
  return javaText(value, String(value));
}

/** A number of 32 bits: as few digits as tell it from its neighbours. */
export function javaFloat(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return javaText(value, String(Number(text)));
  }
  return javaText(value, String(Number(value.toPrecision(9))));
}

function javaText(value: number, shortest: string): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= PLAIN_FROM && size < PLAIN_UP_TO) return shortest.includes(".") ? shortest : `${shortest}.0`;
  const [, digits = "", exponent = ""] = /^(.*)e([+-]?\d+)$/.exec(Number(shortest).toExponential()) ?? [];
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}
