import { describe, expect, it } from "vitest";
import { maxNames, maxNamesOfOneShape, openStatementNames } from "./statementNames.ts";

const inList = (length: number) =>
  `select "id" from "bookings" where "id" in (${Array.from({ length }, (_, i) => `$${i + 1}`).join(", ")}) limit $${length + 1}`;
const rows = (length: number) =>
  `insert into "t" ("a", "b") values ${Array.from({ length }, (_, i) => `($${i + 1}, default)`).join(", ")}`;

describe("a statement", () => {
  it("has one name per text, short enough for a role before it", () => {
    const nameOf = openStatementNames();
    const name = nameOf("select 1");
    expect(nameOf("select 1")).toBe(name);
    expect(nameOf("select 2")).not.toBe(name);
    // PostgreSQL truncates names after 63 bytes.
    expect(`authenticated_${name}`.length).toBeLessThan(63);
  });

  it.each([
    ["a list", inList],
    ["rows", rows],
  ])("with %s of any length has few names", (_what, textOf) => {
    const nameOf = openStatementNames();
    const names = Array.from({ length: 50 }, (_, i) => nameOf(textOf(i + 1)));
    expect(names.filter((name) => name !== undefined)).toHaveLength(maxNamesOfOneShape);
    expect(nameOf(textOf(1))).toBe(names[0]);
    expect(nameOf("select another")).toBeDefined();
  });

  it("has no name beyond a number of texts that differ in other ways, and the others keep theirs", () => {
    const nameOf = openStatementNames();
    const texts = Array.from({ length: maxNames + 10 }, (_, i) => `select ${"x".repeat(i + 1)}`);
    const names = texts.map(nameOf);
    expect(new Set(names.slice(0, maxNames)).size).toBe(maxNames);
    expect(names.slice(maxNames)).toEqual(Array(10).fill(undefined));
    expect(nameOf("select x")).toBe(names[0]);
  });
});
