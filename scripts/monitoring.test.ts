import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { measureProcess, openMetrics } from "../server/platform/metrics/metrics.ts";
import { openTestApp, type TestApp } from "../server/testing/testApp.ts";

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");
const metricsToken = "a token for tests that is long enough";

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string };
}
interface Panel {
  title: string;
  type: string;
  targets?: { expr: string }[];
}
const { groups } = parse(read("deploy/prometheus/rules.yaml")) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap(({ rules }) => rules);
const tried = parse(read("deploy/prometheus/rules.test.yaml")) as {
  tests: { alert_rule_test: { alertname: string }[] }[];
};
const { panels } = JSON.parse(read("deploy/grafana/matepeak.json")) as { panels: Panel[] };
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const page = read("docs/metrics.md");
const recommended = page.slice(page.indexOf("## Recommended alerts"), page.indexOf("## Logs"));

/** Prometheus makes these itself. */
const own = new Set(["up"]);

/** The metrics that an expression names. */
const namedIn = (expression: string): string[] => [
  ...new Set(expression.match(/\b(?:up\b|(?:matepeak|nodejs|process)_\w+)/g) ?? []),
];

let test: TestApp;
let printed: Set<string>;
beforeAll(async () => {
  test = await openTestApp({ metricsToken });
  const answer = await test.visitor("GET", "/metrics", undefined, {
    authorization: `Bearer ${metricsToken}`,
  });
  // What start adds for the process.
  const process = openMetrics();
  measureProcess(process);
  const text = answer.text + (await process.registry.metrics());
  printed = new Set(
    Array.from(text.matchAll(/^# TYPE (\S+) (\w+)$/gm)).flatMap(([, name, type]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name!],
    ),
  );
});
afterAll(() => test.close());

const unknown = (expression: string) =>
  namedIn(expression).filter((name) => !printed.has(name) && !own.has(name));

describe("alerts", () => {
  it("name metrics that /metrics prints", () => {
    expect(rules.length).toBeGreaterThan(15);
    for (const { alert, expr } of rules) {
      expect(namedIn(expr), alert).not.toEqual([]);
      expect(unknown(expr), alert).toEqual([]);
    }
  });

  it("twin: a metric that no process prints is found", () => {
    expect(unknown("max(matepeak_orphan_payments) > 0 or up == 0")).toEqual(["matepeak_orphan_payments"]);
  });

  it("have a name each, a severity, and a sentence", () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations } of rules) {
      expect(["page", "ticket"], alert).toContain(labels.severity);
      expect(annotations.summary, alert).toMatch(/^\S.+\.$/);
    }
  });

  it("are all that docs/metrics.md recommends", () => {
    const alarmed = new Set(rules.flatMap(({ expr }) => namedIn(expr)));
    const missing = namedIn(recommended).filter((name) => !alarmed.has(name));
    expect(namedIn(recommended).length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  it("are tried by promtool's tests under their names", () => {
    const names = tried.tests.flatMap(({ alert_rule_test }) =>
      alert_rule_test.map(({ alertname }) => alertname),
    );
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(rules.map(({ alert }) => alert)).toContain(name);
  });
});

describe("the dashboard", () => {
  it("shows metrics that /metrics prints", () => {
    expect(expressions.length).toBeGreaterThan(20);
    for (const expression of expressions) expect(unknown(expression), expression).toEqual([]);
  });

  it("shows every metric of ours", () => {
    const shown = expressions.join("\n");
    const ours = [...printed]
      .filter((name) => name.startsWith("matepeak_"))
      .map((name) => name.replace(/_(bucket|count|sum)$/, ""));
    expect(ours.filter((name) => !shown.includes(name))).toEqual([]);
  });
});
