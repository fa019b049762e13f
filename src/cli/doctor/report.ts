/**
 * What the doctor says: for a person, or for a program.
 */
import type { Examination } from "./examine.ts";
import type { Finding, Severity } from "./finding.ts";

const marks: Record<Severity, string> = { ok: "ok", note: "note", warning: "WARNING", problem: "PROBLEM" };
const MARK_WIDTH = 8;

/** Lines, what belongs together under one heading, and a verdict at the end. */
export function examinationAsText(examination: Examination): string {
  const lines = [`Configuration: ${examination.configuration}`, runningLine(examination)];
  for (const [about, findings] of Map.groupBy(examination.findings, (one) => one.about)) {
    lines.push("", headingOf(about, examination), ...findings.flatMap(findingLines));
  }
  return [...lines, "", `Verdict: ${verdictOf(examination.findings)}`].join("\n");
}

/** The same as an object. */
export function examinationAsJson(examination: Examination): string {
  const { configuration, broker, directories, listeners, findings } = examination;
  const object = {
    verdict: verdictOf(findings),
    problems: countOf(findings, "problem"),
    warnings: countOf(findings, "warning"),
    configuration,
    brokerProcess: broker,
    logDirectories: directories.map(({ path, holder, clusterId }) => ({ path, holder, clusterId })),
    listeners: listeners.map(({ name, binds, tells, resolvesTo }) => ({ name, binds, tells, resolvesTo })),
    findings,
  };
  return JSON.stringify(object, null, 2);
}

function runningLine({ broker }: Examination): string {
  if (broker === null) return "Broker: not running on these log directories";
  return broker === 0 ? "Broker: running" : `Broker: running as process ${broker}`;
}

function headingOf(about: string, { listeners, directories }: Examination): string {
  const listener = listeners.find(({ name }) => about === `listener ${name}`);
  if (listener !== undefined) {
    const { name, binds, tells } = listener;
    return `Listener ${name} on ${binds}, tells clients ${tells ?? "the address by which they came"}`;
  }
  if (directories.some(({ path }) => path === about)) return `Log directory ${about}`;
  return `${about.charAt(0).toUpperCase()}${about.slice(1)}`;
}

function findingLines({ severity, message, advice }: Finding): string[] {
  const line = `  ${marks[severity].padEnd(MARK_WIDTH)}${message}`;
  return advice === null ? [line] : [line, `  ${" ".repeat(MARK_WIDTH)}→ ${advice}`];
}

function verdictOf(findings: readonly Finding[]): string {
  const problems = findings.filter(({ severity }) => severity === "problem");
  const warnings = countOf(findings, "warning");
  const beside = warnings === 0 ? "" : `, ${warnings} ${warnings === 1 ? "warning" : "warnings"}`;
  const [first] = problems;
  if (first === undefined) {
    return warnings === 0 ? "nothing is wrong here." : `no problem${beside}, see above.`;
  }
  const others = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return `${others}${beside}. Begin with ${first.about}: ${first.message}`;
}

function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((one) => one.severity === severity).length;
}
