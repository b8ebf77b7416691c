import { describe, expect, it } from "vitest";
import { failedJourneys, failedTests, slowestFiles, slowestJourneys, timeLine } from "./slowest.mjs";

const file = (name: string, seconds: number) => ({
  name: `/project/${name}`,
  startTime: 1000,
  endTime: 1000 + seconds * 1000,
});
const journey = (title: string, ...durations: number[]) => ({
  title,
  file: "booking.spec.ts",
  line: 7,
  tests: [{ results: durations.map((duration) => ({ duration })) }],
});

describe("the slowest tests", () => {
  it("lists test files by their time, the slowest first", () => {
    const testResults = [file("a.test.ts", 1), file("b.test.ts", 3), file("c.test.ts", 2)];
    expect(slowestFiles({ testResults }, "/project", 2)).toEqual([
      { seconds: 3, what: "b.test.ts" },
      { seconds: 2, what: "c.test.ts" },
    ]);
  });

  it("lists journeys of nested suites, with all their attempts", () => {
    const report = {
      suites: [
        { specs: [journey("one", 2000)], suites: [{ specs: [journey("two", 1500, 1500)] }] },
        { specs: [] },
      ],
    };
    expect(slowestJourneys(report)).toEqual([
      { seconds: 3, what: "booking.spec.ts:7 two" },
      { seconds: 2, what: "booking.spec.ts:7 one" },
    ]);
  });

  it("lists nothing without a report", () => {
    expect(slowestFiles(null, "/project")).toEqual([]);
    expect(slowestJourneys(null)).toEqual([]);
  });

  it("prints a line with the seconds first", () => {
    expect(timeLine({ seconds: 12.34, what: "b.test.ts" })).toBe("  12.3 s  b.test.ts");
  });
});

describe("the failed tests", () => {
  it("lists tests with their files", () => {
    const assertionResults = [
      { status: "passed", fullName: "adds" },
      { status: "failed", fullName: "subtracts" },
    ];
    const report = { testResults: [{ name: "/project/a.test.ts", assertionResults }] };
    expect(failedTests(report, "/project")).toEqual(["a.test.ts: subtracts"]);
    expect(failedTests(null, "/project")).toEqual([]);
  });

  it("lists journeys that failed, also if they passed at the second try", () => {
    const spec = (title: string, status: string) => ({
      title,
      file: "a.spec.ts",
      line: 3,
      tests: [{ status }],
    });
    const specs = [spec("one", "expected"), spec("two", "unexpected"), spec("three", "flaky")];
    expect(failedJourneys({ suites: [{ specs }] })).toEqual(["a.spec.ts:3 two", "a.spec.ts:3 three"]);
    expect(failedJourneys(null)).toEqual([]);
  });
});
