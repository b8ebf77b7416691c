import { hash } from "node:crypto";
import swagger from "@fastify/swagger";
import reference from "@scalar/fastify-api-reference";
import fp from "fastify-plugin";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { errors } from "#contract/errors.ts";
import { type PreparedResponse, prepareResponse, sendPrepared } from "./preparedResponse.ts";

/** The OpenAPI 3.1 document, generated from the schemas that validate, and its reference page. */
export const documentation = fp<{ publicUrl: string; cookieName: string }>(
  async (app, { publicUrl, cookieName }) => {
    await app.register(swagger, {
      openapi: {
        openapi: "3.1.0",
        info: {
          title: "MatePeak",
          version: "1.0.0",
          description:
            "Find a mentor, see real availability, book. Errors are RFC 9457 problem documents with a `code`.",
          license: { name: "MIT", identifier: "MIT" },
        },
        servers: [{ url: publicUrl }],
        components: {
          securitySchemes: {
            session: { type: "apiKey", in: "cookie", name: cookieName },
            bearer: { type: "http", scheme: "bearer" },
            bookingLink: { type: "apiKey", in: "header", name: "booking-link" },
          },
        },
      },
      transform: createJsonSchemaTransform({}),
      transformObject: createJsonSchemaTransformObject({}),
    });

    let openApi: PreparedResponse | undefined;
    app.get("/api/v1/openapi.json", { schema: { hide: true } }, (request, reply) => {
      openApi ??= prepareResponse(JSON.stringify(app.swagger()));
      return sendPrepared(request, reply.type("application/json; charset=utf-8"), openApi);
    });

    app.get("/api/docs/errors", { schema: { hide: true } }, async (_request, reply) => {
      const rows = Object.entries(errors).map(
        ([code, { status, title }]) =>
          `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`,
      );
      return reply
        .type("text/html; charset=utf-8")
        .send(
          `<!doctype html><html lang="en"><title>MatePeak API errors</title><meta name="viewport" content="width=device-width"><h1>Error codes</h1><table><thead><tr><th>code</th><th>status</th><th>meaning</th></tr></thead><tbody>${rows.join("")}</tbody></table></html>`,
        );
    });

    // The reference page starts with an inline script: the content security policy allows exactly that one, by its hash.
    const hashesOf = lastAnswer(hashScripts);
    app.addHook("onSend", async (request, reply, payload) => {
      if (!request.url.startsWith("/api/docs") || typeof payload !== "string") return;
      if (!String(reply.getHeader("content-type")).startsWith("text/html")) return;
      const hashes = hashesOf(payload);
      const policy = reply.getHeader("content-security-policy");
      if (hashes.length === 0 || typeof policy !== "string") return;
      reply.header(
        "content-security-policy",
        policy.replace("script-src 'self'", `script-src 'self' ${hashes.join(" ")}`),
      );
    });
    await app.register(reference, {
      routePrefix: "/api/docs",
      configuration: {
        url: "/api/v1/openapi.json",
        withDefaultFonts: false,
        telemetry: false,
        agent: { disabled: true },
        mcp: { disabled: true },
        hideClientButton: true,
      },
    });
  },
);

function hashScripts(html: string): string[] {
  return Array.from(html.matchAll(/<script[^>]*>([^<]+)<\/script>/g), ([, script = ""]) => {
    return `'sha256-${hash("sha256", script, "base64")}'`;
  });
}

/** Recomputes only if the input has changed: the documentation pages don't. */
function lastAnswer<T>(compute: (input: string) => T): (input: string) => T {
  let last: { input: string; answer: T } | undefined;
  return (input) => {
    if (last?.input !== input) last = { input, answer: compute(input) };
    return last.answer;
  };
}
