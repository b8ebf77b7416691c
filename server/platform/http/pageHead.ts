import { documentTitle } from "#words/layout.ts";
import { escapeHtml } from "./escapeHtml.ts";

/** What search engines and link previews read, which run no scripts. */
export interface PageHead {
  title: string;
  description: string;
  url: string;
  /** Whether search engines may list the page. */
  isListed: boolean;
}

const title = /<title>[^<]*<\/title>/;
const description = /<meta name="description"[^>]*>/;

/** The parts of an address that its pattern names. */
export type PageParams = Readonly<Record<string, string | undefined>>;

/** Reads the head of a page; null if there is no such page. */
export type ReadHead = (params: PageParams) => Promise<PageHead | null>;

/** A document of the web app with a head of its own. @throws Error if it has no title or description to replace */
export function withHead(document: string, head: PageHead): string {
  if (!title.test(document) || !description.test(document))
    throw new Error("The document has no title or no description.");
  const text = escapeHtml(head.description);
  const properties = [
    ["og:type", "website"],
    ["og:site_name", "MatePeak"],
    ["og:title", head.title],
    ["og:description", head.description],
    ["og:url", head.url],
  ] as const;
  const tags = [
    `<meta name="description" content="${text}">`,
    ...properties.map(([name, value]) => `<meta property="${name}" content="${escapeHtml(value)}">`),
    '<meta name="twitter:card" content="summary">',
    `<link rel="canonical" href="${escapeHtml(head.url)}">`,
    ...(head.isListed ? [] : ['<meta name="robots" content="noindex">']),
  ];
  return document
    .replace(title, () => `<title>${escapeHtml(documentTitle(head.title))}</title>`)
    .replace(description, () => tags.join("\n    "));
}
