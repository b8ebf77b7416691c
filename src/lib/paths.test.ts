import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { safeNext } from "./paths.ts";

beforeAll(() => void vi.stubGlobal("window", { location: { origin: "https://matepeak.example" } }));
afterAll(() => void vi.unstubAllGlobals());

describe("the way back after signing in", () => {
  test.each(["/sessions?x=1#top", "/mentors/asha?book=time"])("%s is followed", (next) => {
    expect(safeNext(next)).toBe(next);
  });

  // The path is resolved again: `//x` would be another host.
  test.each([
    "/.//x",
    "/..//x",
    "/a/..//x",
    "/./\\x",
    "//x",
    "/\\x",
    "//",
    "/\t/x",
    "https://x/",
    "//[",
    "",
    null,
  ])("%j leads home", (next) => expect(safeNext(next)).toBe("/"));
});
