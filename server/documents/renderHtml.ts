import { hash } from "node:crypto";
import { escapeHtml } from "../platform/http/escapeHtml.ts";
import type { LabelledText, Line, Paper, Party } from "./paper.ts";

/** Light only: a document looks the same on a screen and on paper. */
const style = `
:root { color-scheme: light; --ink: #241a2b; --soft: #665a6b; --line: #d9cfc3; --accent: #5a2273; }
* { box-sizing: border-box; }
html { background: #fbf7f1; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem 4rem; color: var(--ink);
  font: 16px/1.5 system-ui, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
nav { display: flex; justify-content: flex-end; margin-bottom: 1rem; }
nav a { color: #fff; background: var(--accent); padding: .5rem 1rem; border-radius: .75rem; text-decoration: none; font-weight: 600; }
nav a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
main { background: #fff; border: 1px solid var(--line); border-radius: 1rem; padding: 2rem; }
.warning { margin: 0 0 1.5rem; padding: .75rem 1rem; border: 2px solid #9a3412; border-radius: .75rem; color: #7c2d12; font-weight: 600; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; color: var(--accent); }
h1 + p { margin: .25rem 0 0; }
h2 { margin: 0 0 .25rem; font-size: .875rem; font-weight: 600; color: var(--soft); }
dl { margin: 0; }
dt { color: var(--soft); font-size: .875rem; }
dd { margin: 0; }
.facts { display: flex; flex-wrap: wrap; gap: .75rem 2rem; margin: 1.25rem 0 1.75rem; }
.facts dd { font-weight: 600; }
.parties { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1.25rem 2rem; margin-bottom: 1.75rem; }
.parties p { margin: 0; }
.parties p:first-of-type { font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: .625rem 0; text-align: left; vertical-align: top; font-weight: 400; }
thead th { color: var(--soft); font-size: .875rem; border-bottom: 1px solid var(--line); }
tbody tr, tfoot tr { border-bottom: 1px solid var(--line); }
td:last-child, thead th:last-child { text-align: right; white-space: nowrap; padding-left: 1rem; font-variant-numeric: tabular-nums; }
td small { display: block; color: var(--soft); font-size: .875rem; }
tfoot tr:last-child { border-bottom: 2px solid var(--ink); font-weight: 700; }
tfoot tr:last-child th { font-weight: 700; }
.payment { display: grid; gap: .75rem; margin-top: 1.5rem; }
.notes { margin-top: 1.75rem; color: var(--soft); font-size: .875rem; }
.notes p { margin: 0 0 .25rem; }
@media (max-width: 30rem) { main { padding: 1.25rem 1rem; } }
@media print {
  html { background: #fff; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  nav { display: none; }
  main { border: 0; padding: 0; }
  tr { break-inside: avoid; }
}
`;

/** The page needs nothing but its own styles. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${hash("sha256", style, "base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A document as a page that stands alone: it can be saved, printed and read aloud. */
export function renderHtml(paper: Paper): string {
  const { title, subtitle, name, warning, facts, parties, inWords, payment, notes, pdfLink } = paper;
  return `<!doctype html>
<html lang="${escapeHtml(paper.language)}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escapeHtml(name)}</title><style>${style}</style></head><body>
<nav><a href="${escapeHtml(pdfLink.url)}">${escapeHtml(pdfLink.text)}</a></nav>
<main>
${warning ? `<p class="warning">${escapeHtml(warning)}</p>` : ""}
<h1>${escapeHtml(title)}</h1>${subtitle ? `<p>${escapeHtml(subtitle)}</p>` : ""}
<dl class="facts">${facts.map(pair).join("")}</dl>
<div class="parties">${parties.map(section).join("")}</div>
${table(paper)}
<dl class="payment">${[inWords, ...payment].map(pair).join("")}</dl>
<div class="notes">${notes.map((note) => `<p>${escapeHtml(note)}</p>`).join("")}</div>
</main></body></html>
`;
}

function pair({ label, text }: LabelledText): string {
  return `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(text)}</dd></div>`;
}

function section({ label, lines }: Party): string {
  return `<section><h2>${escapeHtml(label)}</h2>${lines.map((line) => `<p dir="auto">${escapeHtml(line)}</p>`).join("")}</section>`;
}

function table({ table: { caption, description, amount, lines }, subtotals, total }: Paper): string {
  const sums = [...subtotals, total].map(
    ({ label, text }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(text)}</td></tr>`,
  );
  return `<table><caption>${escapeHtml(caption)}</caption>
<thead><tr><th scope="col">${escapeHtml(description)}</th><th scope="col">${escapeHtml(amount)}</th></tr></thead>
<tbody>${lines.map(row).join("")}</tbody>
<tfoot>${sums.join("")}</tfoot></table>`;
}

function row({ text, detail, amount }: Line): string {
  const details = detail?.split("\n").map((line) => `<small>${escapeHtml(line)}</small>`) ?? [];
  return `<tr><td><span>${escapeHtml(text)}</span>${details.join("")}</td><td>${escapeHtml(amount)}</td></tr>`;
}
