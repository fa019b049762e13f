/**
 * The dashboard for Grafana that comes with the image, and what it asks Prometheus.
 */
import dashboard from "../../src/image/grafana/houska.json" with { type: "json" };

/** Everything that the dashboard asks, in PromQL; Grafana's own variables have a value. */
export function dashboardQueries(): string[] {
  const asked = dashboard.panels.flatMap((panel) => ("targets" in panel ? (panel.targets ?? []) : []));
  return asked.map(({ expr }) => expr.replaceAll("$__rate_interval", "1m").replace(/\$(\w+)/g, ".*"));
}

/** The metrics that the dashboard's variables are filled from. */
export function variableMetrics(): string[] {
  return dashboard.templating.list.flatMap((variable) => {
    const metric =
      "definition" in variable ? /^label_values\((\w+)/.exec(variable.definition ?? "")?.[1] : undefined;
    return metric === undefined ? [] : [metric];
  });
}

/** The names of metrics in a query: every word before a brace. */
export function metricsIn(query: string): string[] {
  return [...query.matchAll(/([a-zA-Z_:][\w:]*)\{/g)].map(([, name = ""]) => name);
}
