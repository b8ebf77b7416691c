import { hash } from "node:crypto";
import { expect, it } from "vitest";
import { paymentDocumentHeaders, policyWithScripts, securityHeadersOf } from "./securityHeaders.ts";

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

it.each([
  ["razorpay", "https://checkout.razorpay.com"],
  ["stripe", "https://js.stripe.com"],
] as const)("the document of a payment with %s allows its script, and no other one", (provider, origin) => {
  const policy = paymentDocumentHeaders(provider, true)["content-security-policy"] ?? "";
  const sourcesOf = (text: string, directive: string) =>
    new RegExp(`(?:^|;)${directive} ([^;]*)`).exec(text)?.[1]?.split(" ") ?? [];
  expect(sourcesOf(policy, "script-src")).toContain(origin);
  expect(sourcesOf(policy, "frame-src")).toContain("'self'");
  for (const directive of ["script-src", "connect-src", "frame-src", "img-src"]) {
    const added = sourcesOf(policy, directive).filter(
      (source) => !sourcesOf(usual, directive).includes(source),
    );
    expect(added.filter((source) => source !== "'self'" && !source.includes(`${provider}.com`))).toEqual([]);
  }
  for (const directive of ["default-src", "style-src", "object-src", "frame-ancestors", "form-action"]) {
    expect(sourcesOf(policy, directive)).toEqual(sourcesOf(usual, directive));
  }
  expect(usual).not.toContain(`${provider}.com`);
});
