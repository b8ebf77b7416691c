import { describe, expect, it } from "vitest";
import { matchPath } from "./matchPath.ts";

describe("matchPath", () => {
  it.each([
    ["/", "/", {}],
    ["/mentors/:username", "/mentors/asha", { username: "asha" }],
    ["/mentors/:username", "/Mentors/asha/", { username: "asha" }],
    ["/mentors/:username", "/mentors/a%20b%2Fc", { username: "a b/c" }],
    ["/mentors/:username", "/mentors/100%", { username: "100%" }],
    ["/mentor/start/:step?", "/mentor/start", { step: undefined }],
    ["/mentor/start/:step?", "/mentor/start/hours", { step: "hours" }],
    ["/mentor/*", "/mentor", {}],
    ["/mentor/*", "/mentor/services/new", {}],
    ["*", "/no/such/page", {}],
    ["*", "/", {}],
  ])("%s matches %s", (pattern, path, params) => {
    expect(matchPath(pattern, path)).toEqual(params);
  });

  it.each([
    ["/", "/mentors"],
    ["/mentors/:username", "/mentors"],
    ["/mentors/:username", "/mentors/"],
    ["/mentors/:username", "/mentors/asha/more"],
    ["/mentor/*", "/mentors/asha"],
    ["/sign-in", "/sign-up"],
  ])("%s does not match %s", (pattern, path) => {
    expect(matchPath(pattern, path)).toBeNull();
  });
});
