import { hash } from "node:crypto";
import { expect, it } from "vitest";
import { policyWithScripts, securityHeadersOf } from "./securityHeaders.ts";

const usual = securityHeadersOf({ https: true }).get("content-security-policy") ?? "";

it("the policy of a document with inline scripts allows these by their hashes, and nothing else that is new", () => {
  const scripts = ["document.title = 1", "é"];
  const policy = policyWithScripts(scripts, true);
  const hashes = scripts.map((script) => `'sha256-${hash("sha256", script, "base64")}'`);
  expect(policy.replace(` ${hashes.join(" ")}`, "")).toBe(usual);
  expect(policy).toContain(`script-src 'self' ${hashes.join(" ")};`);
  expect(/script-src [^;]*unsafe-inline/.test(policy)).toBe(false);
});

it("a document without inline scripts has the usual policy (twin)", () => {
  expect(policyWithScripts([], true)).toBe(usual);
});
