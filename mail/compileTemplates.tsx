import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { blocks } from "./blocks.tsx";
import { Page } from "./Page.tsx";

/** The source of server/mail/templates.gen.ts: the page and every block as HTML with named places to fill. */
export function compileTemplates(parts: Readonly<Record<string, ReactNode>> = blocks): string {
  const page = `<!DOCTYPE html>${renderToStaticMarkup(<Page />)}`;
  const html = { page, ...mapped(parts) };
  const entries = Object.entries(html).map(([name, source]) => `  ${name}: ${literal(source)},\n`);
  return [
    "// Made by `npm run mail:generate` from mail/. Do not change it here.\n",
    `\nexport const templates = {\n${entries.join("")}} as const;\n`,
  ].join("");
}

function mapped(elements: Readonly<Record<string, ReactNode>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(elements).map(([name, element]) => [name, renderToStaticMarkup(element)]),
  );
}

/** ASCII, so that what is invisible in the file is seen in a comparison. */
function literal(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
