import { mailbox } from "#words/mailbox.ts";
import { escapeHtml } from "../platform/http/escapeHtml.ts";
import type { LocalMail, parseMail } from "./localMailbox.ts";

type ParsedMail = Awaited<ReturnType<typeof parseMail>>;

const style = `
:root { color-scheme: light dark; --paper: light-dark(#fbf7f1, #16101a); --surface: light-dark(#fff, #211828);
  --ink: light-dark(#241a2b, #f6eff3); --soft: light-dark(#665a6b, #bfb0c3); --line: light-dark(#e6dccf, #3c2f45);
  --link: light-dark(#5a2273, #fbc75c); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: 0 0 1rem; color: var(--soft); }
ul { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
li + li { border-top: 1px solid var(--line); }
li a { display: block; padding: .75rem 1rem; background: var(--surface); text-decoration: none; color: inherit; }
li a:hover strong, li a:focus-visible strong { text-decoration: underline; }
li span, dt { color: var(--soft); font-size: .875rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 1rem 0; }
dd { margin: 0; }
pre { margin: 0; padding: 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: .75rem;
  white-space: pre-wrap; font-size: .875rem; }
iframe { width: 100%; height: 44rem; border: 1px solid var(--line); border-radius: .75rem; background: #fff; }
`;

function page(title: string, body: string): string {
  const name = escapeHtml(title);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${name}</title><style>${style}</style></head><body>${body}</body></html>`;
}

const instantOf = ({ created_at }: LocalMail) =>
  mailbox.at(created_at.toISOString().slice(0, 19).replace("T", " "));

/** The list of mails, newest first. */
export function mailboxPage(mails: readonly LocalMail[]): string {
  const lines = mails.map(
    (mail) => `<li><a href="/dev/mail/${mail.id}"><strong>${escapeHtml(mail.subject)}</strong><br>
<span>${escapeHtml(mail.address)} · ${instantOf(mail)}</span></a></li>`,
  );
  const list = lines.length > 0 ? `<ul>${lines.join("")}</ul>` : `<p>${mailbox.empty}</p>`;
  return page(mailbox.title, `<main><h1>${mailbox.title}</h1><p>${mailbox.lead}</p>${list}</main>`);
}

/** One mail: as it looks, as plain text, and what it is made of. */
export function mailPage(mail: LocalMail, { text, html, headers, parts }: ParsedMail): string {
  const partsHtml = parts.map(
    ({ type, name, bytes, header, text: content }) =>
      `<h3>${escapeHtml(name || type)}</h3><p>${escapeHtml(mailbox.part(header || type, bytes))}</p>${
        content && `<pre>${escapeHtml(content)}</pre>`
      }`,
  );
  return page(
    mail.subject,
    `<nav><p><a href="/dev/mail">${mailbox.all}</a></p></nav><main><h1>${escapeHtml(mail.subject)}</h1>
<dl><dt>${mailbox.to}</dt><dd>${escapeHtml(mail.address)}</dd><dt>${mailbox.date}</dt><dd>${instantOf(mail)}</dd></dl>
${html && `<h2>${mailbox.html}</h2><iframe title="${mailbox.html}" src="/dev/mail/${mail.id}/html"></iframe>`}
<h2>${mailbox.text}</h2><pre>${escapeHtml(text)}</pre>
<h2>${mailbox.headers}</h2><pre>${escapeHtml(headers.join("\n"))}</pre>
${parts.length > 0 ? `<h2>${mailbox.parts}</h2>${partsHtml.join("")}` : ""}
<p><a href="/dev/mail/${mail.id}/source">${mailbox.source}</a></p></main>`,
  );
}
