/**
 * What the doctor finds.
 */

/** `note`: worth knowing; `warning`: may be wrong; `problem`: doesn't work. */
export type Severity = "ok" | "note" | "warning" | "problem";

export interface Finding {
  /** What it is about: "configuration", a log directory, "listener PLAINTEXT". */
  readonly about: string;
  readonly severity: Severity;
  readonly message: string;
  /** What to do; null where there is nothing to do. */
  readonly advice: string | null;
}

/** A finding, with what to do about it. */
export function finding(
  about: string,
  severity: Severity,
  message: string,
  advice: string | null = null,
): Finding {
  return { about, severity, message, advice };
}
