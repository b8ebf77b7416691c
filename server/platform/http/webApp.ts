import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import staticFiles from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { z } from "zod";

/** As in src/lib/paths.ts. */
const mentorPattern = "/mentors/:username";
const dist = fileURLToPath(new URL("../../../dist/", import.meta.url));

/** One line of dist/pages.json, which vite/pageDocuments.ts writes. */
const pageDocument = z.object({
  pattern: z.string(),
  file: z.string(),
  /** Another document if the query has this parameter. */
  opened: z.object({ by: z.string(), file: z.string() }).optional(),
});
type PageDocument = z.infer<typeof pageDocument>;

interface WebAppOptions {
  /** Whether this username belongs to a mentor. */
  isMentor: (username: string) => Promise<boolean>;
}

/**
 * Serves the built web app: hashed assets, cached forever, and for each page the document that names its chunks. Unknown
 * pages and mentors get the same document with status 404, for search engines.
 */
export const webApp = fp<WebAppOptions>(async (app, { isMentor }) => {
  if (!existsSync(`${dist}index.html`)) {
    app.log.warn("The web app has not been built (dist/ is missing). Only the API is served.");
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
  const send = (request: FastifyRequest, reply: FastifyReply, { file, opened }: PageDocument) => {
    const isOpened = opened !== undefined && Object.hasOwn(request.query as object, opened.by);
    return reply.header("cache-control", "no-cache").sendFile(isOpened ? opened.file : file);
  };
  const documents = pageDocument.array().parse(JSON.parse(readFileSync(`${dist}pages.json`, "utf8")));
  for (const document of documents.filter(({ pattern }) => pattern !== "*")) {
    // In React Router, `/mentor/*` matches `/mentor` too; in Fastify it doesn't.
    for (const path of new Set([document.pattern, document.pattern.replace(/\/\*$/, "")])) {
      app.get(path, { schema: { hide: true } }, async (request, reply) => {
        if (document.pattern === mentorPattern) {
          const { username = "" } = request.params as { username?: string };
          // The page is served even if the database is down.
          if (!(await isMentor(username).catch(() => true))) reply.status(404);
        }
        return send(request, reply, document);
      });
    }
  }
  const unknown = documents.find(({ pattern }) => pattern === "*") ?? { pattern: "*", file: "index.html" };
  app.get("/*", { schema: { hide: true } }, (request, reply) => {
    const [path = ""] = request.url.split("?", 1);
    // Unknown files and API paths get a problem document; for anything else the web app shows its not-found page.
    if (isNoPage(path) || path.startsWith("/api/") || path.startsWith("/assets/") || /\.\w+$/.test(path)) {
      return reply.callNotFound();
    }
    return send(request, reply.status(404), unknown);
  });
});

/** Paths that a browser could resolve to another site or another path. */
function isNoPage(path: string): boolean {
  return /^[^/]|\/\/|\\|\/\.{1,2}(\/|$)/.test(path);
}
