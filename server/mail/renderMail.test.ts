import { describe, expect, it } from "vitest";
import { bookingRoles } from "#rules/bookingState.ts";
import { asMinutes } from "#scheduling/units.ts";
import { connectionKinds } from "./connectionLetter.ts";
import type { MailInput } from "./mailInput.ts";
import { moneyKinds } from "./moneyKinds.ts";
import { renderMail } from "./renderMail.ts";
import { sessionKinds } from "./sessionKinds.ts";
import { allLinks, sampleMails } from "./testing/sampleMails.ts";

const samples = Object.entries(sampleMails);
const addresses = (text: string) => new Set(text.match(/https?:\/\/[^\s"<]+/g));
/** The addresses of a mail's links, without that of the site's name at the top. */
const linksIn = (html: string) =>
  new Set(
    Array.from(html.matchAll(/href="([^"]*)"/g), ([, href]) => href!.replaceAll("&amp;", "&")).slice(1),
  );

describe.each(samples)("the mail %s", (_, mail) => {
  const { subject, html, text } = renderMail(mail);

  it("is complete in both parts", () => {
    for (const part of [subject, html, text]) expect(part).not.toMatch(/\{\{|undefined|null|NaN|\[object/);
    expect(addresses(text)).toEqual(linksIn(html));
    expect(text).not.toMatch(/[<>](?! )|\n{3}/);
    expect(html).not.toContain("<img");
  });

  it("has a subject of one short line", () => {
    expect(subject).toMatch(/^[^\n\r]{5,80}$/);
  });

  it("is not cut off by Gmail", () => {
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
  });

  it("opens and closes each element", () => {
    const tags = html.replace(/<!--.*?-->/gs, "").matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g);
    const open: string[] = [];
    for (const [, closes, name = "", isEmpty] of tags) {
      if (closes) expect(open.pop()).toBe(name);
      else if (!isEmpty && name !== "br") open.push(name);
    }
    expect(open).toEqual([]);
  });
});

describe("all kinds of mail", () => {
  it("have a sample", () => {
    const kinds = new Set(samples.map(([, { kind }]) => kind));
    const all = [...Object.keys(sessionKinds), ...Object.keys(moneyKinds), ...Object.keys(connectionKinds)];
    expect(all.filter((kind) => !kinds.has(kind as MailInput["kind"]))).toEqual([]);
  });

  /** Facts of all kinds together; each kind takes its own. */
  const facts = {
    counterpart: "Asha Rao",
    service_title: "Mock interview",
    mentor_username: "asha-rao",
    starts_at: "2026-12-01T13:15:00Z",
    from_starts_at: "2026-11-30T09:00:00Z",
    answer_until: "2026-12-04T10:00:00Z",
    claimed_by: "mentor",
    service_id: "019a3b52-0000-7000-8000-000000000001",
    duration: 60,
  };
  const all = Object.keys(sessionKinds).flatMap((kind) =>
    bookingRoles.flatMap((role) => ["student", "mentor", "system"].map((by) => [kind, role, by] as const)),
  );

  it.each(all)(
    "%s is written to the %s when the %s did it, with little or nothing to link to",
    (kind, role, by) => {
      for (const reason of [undefined, "Because."])
        for (const links of [{}, allLinks]) {
          const mail = {
            ...sampleMails["booked-student"],
            kind,
            by,
            links,
            facts: { ...facts, role, reason },
          };
          const { subject, html, text } = renderMail(mail as MailInput);
          for (const part of [subject, html, text])
            expect(part).not.toMatch(/\{\{|undefined|null|NaN|\[object/);
          expect(text.includes("> Because.")).toBe(reason !== undefined);
          expect(addresses(text)).toEqual(linksIn(html));
        }
    },
  );

  it("say nothing about links that they do not have", () => {
    const { text } = renderMail({ ...sampleMails["booked-student"], links: {} } as MailInput);
    expect(text).not.toContain("below");
  });
});

describe("a reminder", () => {
  it("says how long it is until the session", () => {
    expect(renderMail(sampleMails["reminder-student"]!).subject).toBe(
      "In 24 hours: Mock interview with Asha Rao, Tue 1 Dec 14:15",
    );
    const soon = { ...sampleMails["reminder-student"], leadMinutes: asMinutes(90) } as MailInput;
    expect(renderMail(soon).text).toContain("Your session starts in 1 hour 30 minutes");
  });
});

it("says of several sessions that were cancelled who did it, and when the first one was", () => {
  const mail = sampleMails["series-cancelled-student"]!;
  const { text } = renderMail({ ...mail, by: "student" } as MailInput);
  expect(text).toMatch(/^You cancelled 8 sessions\n/);
  expect(text).toContain("Was: Tue 1 Dec 2026");
  expect(renderMail(sampleMails["series-moved-mentor"]!).text).not.toContain("Was: Tue 1 Dec 2026");
});

describe("text that people have typed", () => {
  const write = (changed: object) => {
    const mail = sampleMails["cancelled-student"]!;
    return renderMail({ ...mail, facts: { ...("facts" in mail && mail.facts), ...changed } } as MailInput);
  };

  it.each([
    ["a line break", "Asha\r\nBcc: all@example.com", "Asha Bcc: all@example.com"],
    ["other line breaks", "Asha\u2028\u0085\u000bRao\u0000".replace("\u0000", ""), "Asha   Rao"],
    ["quotes", `"Asha" 'O’Rao' <asha@example.com>`, `"Asha" 'O’Rao' <asha@example.com>`],
    ["emoji", "Asha 👩🏽‍💻", "Asha 👩🏽‍💻"],
    ["a place of a template", "{{label}}", "{{label}}"],
    ["an override of direction", "Asha\u202E\u2066oaR", "AshaoaR"],
    ["only blanks", " \n ", "your mentor"],
  ])("changes nothing but itself as a name: %s", (_, counterpart, inSubject) => {
    const { subject, html, text } = write({ counterpart });
    expect(subject).toBe(`Cancelled: Mock interview with ${inSubject}, Tue 1 Dec 14:15`);
    expect(text).toContain(`Mock interview with ${inSubject}\n`);
    expect(html).not.toContain("<asha@");
    expect(html.match(/<bdi>/g)?.length).toBe(html.match(/<\/bdi>/g)?.length);
  });

  it("is markup nowhere", () => {
    const script = `</title><script>alert("1")</script><img src=x onerror=alert(1)>`;
    const { html } = write({ counterpart: script, service_title: script, reason: script });
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain("&lt;script&gt;");
  });

  it("is isolated from the sentence around it if it runs from right to left", () => {
    const { subject, html, text } = write({ counterpart: "אשה" });
    for (const part of [subject, text]) expect(part).toContain("with \u2068אשה\u2069");
    expect(html).toContain("with <bdi>אשה</bdi>");
    expect(write({}).subject + write({}).text).not.toMatch(/[\u2066-\u2069]/);
  });

  it("is shortened to a line, between characters", () => {
    const { subject } = write({ counterpart: "👩🏽‍💻".repeat(80), service_title: "x".repeat(120) });
    expect(subject).toBe(`Cancelled: ${"x".repeat(59)}… with ${"👩🏽‍💻".repeat(59)}…, Tue 1 Dec 14:15`);
  });

  it("keeps its lines as a reason, which no control of direction leaves", () => {
    const { html, text } = write({ reason: "One\r\n\u202Etwo\u2066\n\n-- \n<three>" });
    expect(text).toContain("Asha Rao wrote:\n> One\n> two\n>\n> --\n> <three>\n");
    expect(html).toContain("One<br/>two<br/><br/>-- <br/>&lt;three&gt;");
  });
});

describe("a mail about an account", () => {
  it("has the code in its parts, and not in the subject, which is kept and shown to operators", () => {
    const { subject, html, text } = renderMail(sampleMails["code-sign-in"]!);
    expect(text).toContain("\n    482913\n");
    expect(html).toContain("482913");
    expect(subject).not.toContain("482913");
  });

  it("does not repeat a name, which a stranger may have chosen", () => {
    const recipient = { name: "WIN NOW evil.example", timezone: "UTC", language: "en" } as const;
    for (const [, mail] of samples.filter(([, { kind }]) => !(kind in sessionKinds))) {
      const { subject, html, text } = renderMail({ ...mail, recipient } as MailInput);
      expect(subject + html + text).not.toContain("evil.example");
    }
  });
});

it("a link that is no address of the web is an error, not a mail", () => {
  const mail = { ...sampleMails["booked-student"], links: { see: "javascript:alert(1)" } } as MailInput;
  expect(() => renderMail(mail)).toThrow("no address of the web");
});
