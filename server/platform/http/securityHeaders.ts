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

/** What the page of a payment may load besides, from the payment provider that is configured. */
const paymentSources = {
  razorpay: {
    "script-src": ["https://checkout.razorpay.com"],
    "frame-src": ["https://api.razorpay.com", "https://checkout.razorpay.com"],
    "connect-src": ["https://api.razorpay.com", "https://lumberjack.razorpay.com"],
    "img-src": ["https://*.razorpay.com"],
  },
  stripe: {
    "script-src": ["https://js.stripe.com", "https://*.js.stripe.com"],
    "frame-src": ["https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"],
    "connect-src": ["https://api.stripe.com"],
    "img-src": ["https://*.stripe.com"],
  },
} as const;
export type ScriptedProvider = keyof typeof paymentSources;

/**
 * The headers of the one document on which the provider's script runs. Banks open windows from it and report back to it, and
 * providers check from which site they are called.
 */
export function paymentDocumentHeaders(provider: ScriptedProvider, https: boolean): Record<string, string> {
  const usual = securityHeadersOf({ https }).get("content-security-policy") ?? "";
  const policy = Object.entries(paymentSources[provider]).reduce((text, [directive, sources]) => {
    const own = [directive, "'self'"].join(" ");
    const allowed = [own, ...sources].join(" ");
    return text.includes(own) ? text.replace(own, allowed) : [text, allowed].join(";");
  }, usual);
  return {
    "content-security-policy": policy,
    "cross-origin-opener-policy": "same-origin-allow-popups",
    "referrer-policy": "strict-origin",
  };
}

/** Sets them on every response. They never differ, so helmet computes them once. */
export const securityHeaders = fp<{ https: boolean }>(async (app, options) => {
  const headers = securityHeadersOf(options);
  app.addHook("onRequest", (_request, { raw }, done) => {
    for (const [name, value] of headers) raw.setHeader(name, value);
    done();
  });
});
