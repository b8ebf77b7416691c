// What `npm test` prints last: what failed, and where its time went, so that it stays short.
import { relative } from "node:path";

/** Returns the slowest test files of Vitest's JSON report: { seconds, what }, the slowest first. */
export function slowestFiles(report, root, count = 10) {
  const files = (report?.testResults ?? []).map(({ name, startTime, endTime }) => ({
    seconds: (endTime - startTime) / 1000,
    what: relative(root, name),
  }));
  return slowest(files, count);
}

/** Returns the slowest journeys of Playwright's JSON report: { seconds, what }, the slowest first. */
export function slowestJourneys(report, count = 10) {
  const journeys = (report?.suites ?? []).flatMap(specsOf).map(({ file, line, title, tests }) => ({
    seconds: tests.flatMap(({ results }) => results).reduce((sum, { duration }) => sum + duration, 0) / 1000,
    what: `${file}:${line} ${title}`,
  }));
  return slowest(journeys, count);
}

/** Returns the failed tests of Vitest's JSON report: "file: name". */
export function failedTests(report, root) {
  return (report?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName }) => `${relative(root, name)}: ${fullName}`),
  );
}

/** Returns the journeys of Playwright's JSON report that failed, also those that passed when they were tried again. */
export function failedJourneys(report) {
  return (report?.suites ?? [])
    .flatMap(specsOf)
    .filter(({ tests }) => tests.some(({ status }) => status === "unexpected" || status === "flaky"))
    .map(({ file, line, title }) => `${file}:${line} ${title}`);
}

function specsOf(suite) {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}

function slowest(all, count) {
  return all.toSorted((one, other) => other.seconds - one.seconds).slice(0, count);
}

/** Returns a line such as "  12.3 s  server/start.test.ts". */
export function timeLine({ seconds, what }) {
  return `${seconds.toFixed(1).padStart(6)} s  ${what}`;
}
