import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { asMinutes } from "#scheduling/units.ts";
import { renderMail } from "../../server/mail/renderMail.ts";
import { sampleMails } from "../../server/mail/testing/sampleMails.ts";
import { paths } from "../../src/lib/paths.ts";
import { blocks } from "../blocks.tsx";
import { colours } from "../colours.ts";
import { compileTemplates } from "../compileTemplates.tsx";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("server/mail/templates.gen.ts", () => {
  const committed = read("server/mail/templates.gen.ts");

  it("is what the templates make (else: npm run mail:generate)", () => {
    expect(compileTemplates()).toBe(committed);
  });

  it("twin: a template that was changed makes another file", () => {
    expect(compileTemplates({ ...blocks, footer: "{{text}}" })).not.toBe(committed);
  });

  it("has nothing to load: no images, fonts or styles from elsewhere", () => {
    expect(committed).not.toMatch(/<img|<link|url\(|@import|@font-face|https?:\/\//);
  });
});

it("mails have the colours of the web app", () => {
  const styles = read("src/app/styles.css");
  const web = Object.fromEntries(
    Array.from(styles.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g), ([, name, ...pair]) => [
      name,
      pair,
    ]),
  );
  for (const [name, pair] of Object.entries(colours)) expect([name, web[name]]).toEqual([name, pair]);
});

describe("links into the web app that a mail makes itself", () => {
  const { html, text } = renderMail(sampleMails["alert-fired"]!);

  it("lead to the time that has opened up", () => {
    const chosen = {
      serviceId: "019a3b52-0000-7000-8000-000000000001",
      minutes: asMinutes(60),
      at: "2026-12-01T13:15:00Z",
    };
    const path = paths.bookTime("asha-rao", chosen);
    expect(text).toContain(`https://matepeak.example${path}\n`);
    expect(html).toContain(`href="https://matepeak.example${path.replaceAll("&", "&amp;")}"`);
  });

  it("lead to the mentor's times after a session that does not take place", () => {
    const cancelled = renderMail(sampleMails["cancelled-student"]!);
    expect(cancelled.text).toContain(`https://matepeak.example${paths.bookService("asha-rao")}\n`);
  });
});
