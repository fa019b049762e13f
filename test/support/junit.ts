/**
 * Reads the totals from the JUnit report that `bun test` writes.
 */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The totals of a report's root element; all 0 for a text that is none. */
export function countTests(report: string): TestCounts {
  const root = /<testsuites\b[^>]*>/.exec(report)?.[0] ?? "";
  const attribute = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(root)?.[1] ?? 0);
  const failed = attribute("failures") + attribute("errors");
  const skipped = attribute("skipped");
  return { passed: attribute("tests") - failed - skipped, failed, skipped };
}
