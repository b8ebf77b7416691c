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
  /** Another document when the query has this word. */
  opened: z.object({ by: z.string(), file: z.string() }).optional(),
});
type PageDocument = z.infer<typeof pageDocument>;

interface WebAppOptions {
  /** Whether there is a mentor at the address of a mentor's page. */
  isMentor: (username: string) => Promise<boolean>;
}

/**
 * The built web app: hashed assets for ever, and for the address of a page the document that names its chunks. Where
 * there is no such page or mentor the document is the same as ever and the status 404: a search engine reads only that.
 */
export const webApp = fp<WebAppOptions>(async (app, { isMentor }) => {
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
  const send = (request: FastifyRequest, reply: FastifyReply, { file, opened }: PageDocument) => {
    const isOpened = opened !== undefined && Object.hasOwn(request.query as object, opened.by);
    return reply.header("cache-control", "no-cache").sendFile(isOpened ? opened.file : file);
  };
  const documents = pageDocument.array().parse(JSON.parse(readFileSync(`${dist}pages.json`, "utf8")));
  for (const document of documents.filter(({ pattern }) => pattern !== "*")) {
    // React Router's `/mentor/*` is `/mentor` too; Fastify's is not.
    for (const path of new Set([document.pattern, document.pattern.replace(/\/\*$/, "")])) {
      app.get(path, { schema: { hide: true } }, async (request, reply) => {
        if (document.pattern === mentorPattern) {
          const { username = "" } = request.params as { username?: string };
          // The page itself is for everybody to see, whether the database can say something about it or not.
          if (!(await isMentor(username).catch(() => true))) reply.status(404);
        }
        return send(request, reply, document);
      });
    }
  }
  const unknown = documents.find(({ pattern }) => pattern === "*") ?? { pattern: "*", file: "index.html" };
  app.get("/*", { schema: { hide: true } }, (request, reply) => {
    const [path = ""] = request.url.split("?", 1);
    // An unknown file or API address is an error; anything else is a page that the web app says it does not know.
    if (isNoPage(path) || path.startsWith("/api/") || path.startsWith("/assets/") || /\.\w+$/.test(path)) {
      return reply.callNotFound();
    }
    return send(request, reply.status(404), unknown);
  });
});

/** Addresses that a browser would take for another site's, or for other ones than they say. */
function isNoPage(path: string): boolean {
  return /^[^/]|\/\/|\\|\/\.{1,2}(\/|$)/.test(path);
}
