import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import staticFiles from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { z } from "zod";
import type { MentorPageTimes } from "#contract/mentorPage.ts";
import { type PageHead, type PageParams, type ReadHead, withHead } from "./pageHead.ts";
import { paymentDocumentHeaders, policyWithScripts, type ScriptedProvider } from "./securityHeaders.ts";

/** As in src/lib/paths.ts. */
const payPattern = "/:kind/:id/pay";
/** What it stands for. */
const payAddresses = ["/bookings/:id/pay", "/packages/:id/pay"];
const dist = fileURLToPath(new URL("../../../dist/", import.meta.url));

/** One line of dist/pages.json, which vite/pageDocuments.ts writes. */
const pageDocument = z.object({
  pattern: z.string(),
  file: z.string(),
  /** Another document if the query has this parameter. */
  opened: z
    .object({
      by: z.string(),
      file: z.string(),
      /** The same with a mark for what the renderer, a module, makes of `MentorPageTimes`. */
      firstView: z.object({ file: z.string(), renderer: z.string() }),
    })
    .optional(),
});
type PageDocument = z.infer<typeof pageDocument>;

interface WebAppOptions {
  /** What the document of a mentor's page shows first; null for an address without free times. */
  firstTimes: (username: string, query: unknown) => Promise<MentorPageTimes | null>;
  /** Title and description of public pages, by their patterns; null for an address that leads to nothing. */
  heads: Readonly<Record<string, ReadHead>>;
  https: boolean;
  /** Whose script the page of a payment loads; null for none. */
  scriptedProvider: ScriptedProvider | null;
}

/**
 * Serves the built web app: hashed assets, cached forever, and for each page the document that names its chunks. Unknown
 * pages, mentors, group sessions and programmes get the same document with status 404, for search engines.
 */
export const webApp = fp<WebAppOptions>(async (app, options) => {
  const { firstTimes, heads, https, scriptedProvider } = options;
  if (!existsSync(`${dist}index.html`)) {
    app.log.warn("The web app has not been built (dist/ is missing). Only the API is served.");
    return;
  }
  await app.register(staticFiles, {
    root: dist,
    wildcard: false,
    index: false,
    preCompressed: true,
    globIgnore: ["server/**", "assets/**", "pages/*.firstView.html*"],
    setHeaders: (reply) => void reply.header("cache-control", "no-cache"),
  });
  // One route for all: a thousand would be a fifth of the time in which an app starts.
  await app.register(staticFiles, {
    root: `${dist}assets`,
    prefix: "/assets/",
    decorateReply: false,
    index: false,
    preCompressed: true,
    setHeaders: (reply) => void reply.header("cache-control", "public, max-age=31536000, immutable"),
  });
  const sendHtml = (reply: FastifyReply, page: string) =>
    reply.header("cache-control", "no-cache").type("text/html; charset=utf-8").send(page);
  const fileFor = (request: FastifyRequest, { file, opened }: PageDocument) =>
    opened !== undefined && Object.hasOwn(request.query as object, opened.by) ? opened.file : file;
  const send = (request: FastifyRequest, reply: FastifyReply, document: PageDocument) =>
    reply.header("cache-control", "no-cache").sendFile(fileFor(request, document));
  const documents = pageDocument.array().parse(JSON.parse(readFileSync(`${dist}pages.json`, "utf8")));
  // Those that get a head of their own.
  const texts = new Map(
    documents
      .filter(({ pattern }) => Object.hasOwn(heads, pattern))
      .flatMap(({ file, opened }) => [file, ...(opened ? [opened.file] : [])])
      .map((file) => [file, readFileSync(`${dist}${file}`, "utf8")]),
  );
  const firstViews = await Promise.all(documents.map((document) => openFirstView(document, https)));
  for (const [index, document] of documents.entries()) {
    if (document.pattern === "*") continue;
    const firstView = firstViews[index];
    // In React Router, `/mentor/*` matches `/mentor` too; in Fastify it doesn't.
    const addresses =
      document.pattern === payPattern
        ? payAddresses
        : new Set([document.pattern, document.pattern.replace(/\/\*$/, "")]);
    for (const path of addresses) {
      app.get(path, { schema: { hide: true } }, async (request, reply) => {
        const params = request.params as PageParams;
        // The page is served even if the database is down.
        const [head, times] = await Promise.all([
          heads[document.pattern]?.(params).catch(() => undefined),
          firstView && firstTimes(params.username ?? "", request.query).catch(() => null),
        ]);
        const page = times && firstView?.with(times, head);
        if (page && firstView) return sendHtml(reply.headers(firstView.headers), page);
        if (head === null) reply.status(404);
        if (head) return sendHtml(reply, withHead(texts.get(fileFor(request, document)) ?? "", head));
        if (document.pattern === payPattern && scriptedProvider !== null)
          reply.headers(paymentDocumentHeaders(scriptedProvider, https));
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

/** Where vite/pageDocuments.ts leaves room for the first view. */
const firstViewMark = "<!--first-view-->";

interface FirstView {
  /** The whole document; null if there is nothing to show. */
  with: (times: MentorPageTimes, head: PageHead | null | undefined) => string | null;
  headers: Record<string, string>;
}

/** Reads the document that shows something before the app has loaded, and what renders it. */
async function openFirstView({ opened }: PageDocument, https: boolean): Promise<FirstView | undefined> {
  if (!opened) return undefined;
  const { file, renderer } = opened.firstView;
  const [before = "", after = ""] = readFileSync(`${dist}${file}`, "utf8").split(firstViewMark);
  const { renderFirstTimes } = (await import(`${dist}${renderer}`)) as {
    renderFirstTimes: (times: MentorPageTimes) => string;
  };
  return {
    with: (times, head) => {
      const markup = renderFirstTimes(times);
      return markup === "" ? null : (head ? withHead(before, head) : before) + markup + after;
    },
    headers: {
      "cache-control": "no-cache",
      "content-security-policy": policyWithScripts(inlineScriptsOf(before + after), https),
    },
  };
}

function inlineScriptsOf(document: string): string[] {
  return [...document.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = ""]) => script);
}

/** Paths that a browser could resolve to another site or another path. */
function isNoPage(path: string): boolean {
  return /^[^/]|\/\/|\\|\/\.{1,2}(\/|$)/.test(path);
}
