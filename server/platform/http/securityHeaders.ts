import { hash } from "node:crypto";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import fp from "fastify-plugin";
import helmet from "helmet";

const contentSecurityPolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  // Pop-ups are positioned by style attributes.
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", "data:"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  formAction: ["'self'"],
  baseUri: ["'self'"],
  upgradeInsecureRequests: null,
};

/** Headers that forbid browsers whatever our pages don't need. */
export function securityHeadersOf({ https }: { https: boolean }): ReadonlyMap<string, string> {
  const protect = helmet({
    contentSecurityPolicy: { directives: contentSecurityPolicy },
    strictTransportSecurity: https,
  });
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  protect(request, response, (error) => {
    if (error) throw error;
  });
  return new Map(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}

/** The Content-Security-Policy of a document with these inline scripts, and no others: by their hashes (CSP 3, 2.3.1). */
export function policyWithScripts(scripts: readonly string[], https: boolean): string {
  const policy = securityHeadersOf({ https }).get("content-security-policy") ?? "";
  const hashes = scripts.map((script) => `'sha256-${hash("sha256", script, "base64")}'`);
  return policy.replace("script-src 'self'", ["script-src 'self'", ...hashes].join(" "));
}

/** Sets them on every response. They never differ, so helmet computes them once. */
export const securityHeaders = fp<{ https: boolean }>(async (app, options) => {
  const headers = securityHeadersOf(options);
  app.addHook("onRequest", (_request, { raw }, done) => {
    for (const [name, value] of headers) raw.setHeader(name, value);
    done();
  });
});
