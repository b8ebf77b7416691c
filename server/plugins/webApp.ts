import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import staticFiles from "@fastify/static";
import type { FastifyReply } from "fastify";
import fp from "fastify-plugin";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** The built web app: hashed assets for ever, every other address of a page its one document. */
export const webApp = fp(async (app) => {
  if (!existsSync(`${dist}index.html`)) {
    app.log.warn("There is no built web app (dist/). Only the API is served.");
    return;
  }
  await app.register(staticFiles, {
    root: dist,
    wildcard: false,
    index: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      reply.header(
        "cache-control",
        path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      );
    },
  });
  const page = (_request: unknown, reply: FastifyReply) =>
    reply.header("cache-control", "no-cache").sendFile("index.html");
  app.get("/", { schema: { hide: true } }, page);
  app.get("/*", { schema: { hide: true } }, (request, reply) => {
    const { pathname } = new URL(request.url, "http://localhost");
    // An unknown file or API address is an error; anything else is a page that the web app knows, or says it does not.
    if (pathname.startsWith("/api/") || pathname.startsWith("/assets/") || /\.\w+$/.test(pathname)) {
      return reply.callNotFound();
    }
    return page(request, reply);
  });
});
