import { setTimeout as sleep } from "node:timers/promises";
import { extractText } from "unpdf";
import { afterAll, describe, expect, it } from "vitest";
import { defaultLanguage, wordsIn } from "#words/languages.ts";
import { composePaper } from "./composePaper.ts";
import { openPdfRenderer } from "./pdf/renderPdf.ts";
import { pagePolicy, renderHtml } from "./renderHtml.ts";
import { sampleDocuments } from "./testing/sampleDocuments.ts";

const paperOf = (name: string) =>
  composePaper(sampleDocuments[name]!, wordsIn(defaultLanguage), "https://matepeak.example");

const pdfs = openPdfRenderer();
afterAll(() => pdfs.close());

/** The text of a PDF. Letters are in the order in which they are drawn, which differs in Indian scripts. */
async function readPdf(name: string): Promise<string> {
  const { text } = await extractText(await pdfs.render(paperOf(name)), { mergePages: true });
  return text.replace(/\s+/g, " ");
}

const letters = (text: string) => Array.from(text.replace(/\s/g, "")).sort().join("");

describe("a PDF, read back", () => {
  it("has the numbers, the amounts with ₹, and the date on India's clock", async () => {
    const text = await readPdf("receipt");
    for (const part of [
      "Receipt",
      "R/26-27/000123",
      "29 Nov 2026",
      "Asha Rao",
      "Ravi Kumar",
      "1:1 session",
      "Tue 1 Dec 2026, 19:00 (Kolkata, UTC+05:30)",
      "₹2,000.00",
      "UPI, 29 Nov 2026",
      "pay_QxY7Zt2mVbN4Lk",
      "No GST is charged.",
    ])
      expect(text).toContain(part);
    expect(text).not.toContain("sandbox");
  });

  it("has the taxes: CGST and SGST within a State, IGST between two", async () => {
    const same = await readPdf("tax-invoice-same-state");
    for (const part of [
      "Tax invoice",
      "29ABCDE1234F1ZW",
      "999293",
      "Karnataka (29)",
      "CGST 9% ₹152.54",
      "SGST 9% ₹152.54",
    ])
      expect(same).toContain(part);
    expect(same).not.toContain("IGST");
    const other = await readPdf("tax-invoice-other-state");
    expect(other).toContain("IGST 18% ₹305.08");
    expect(other).toContain("Maharashtra (27)");
    expect(other).not.toContain("CGST");
  });

  it("of a fee and of a refund say what they are about", async () => {
    expect(await readPdf("fee-invoice")).toContain("10% of ₹2,000.00");
    const note = await readPdf("credit-note");
    for (const part of [
      "Credit note",
      "R/26-27/000123 of 29 Nov 2026",
      "The student cancelled.",
      "₹1,000.00",
    ])
      expect(note).toContain(part);
  });

  it("of the sandbox says that it is not valid", async () => {
    const text = await readPdf("receipt-sandbox");
    expect(text).toContain("Not real money");
    expect(text).toContain("-₹300.00");
  });

  it("has names in Devanagari, Tamil, Cyrillic and Greek", async () => {
    const text = letters(await readPdf("scripts"));
    const { issuer, recipient } = sampleDocuments.scripts!.content;
    for (const letter of letters(issuer.name + recipient.name)) expect(text).toContain(letter);
    expect(await readPdf("scripts")).not.toContain("?");
  });

  it("has question marks for letters without a face, and says where they are shown", async () => {
    const text = await readPdf("missing-letters");
    expect(text).toMatch(/\?+ \?+ \? \? Singh/);
    expect(text).toContain("Some letters can’t be shown in this file.");
    expect(await readPdf("receipt")).not.toContain("Some letters");
  });

  it("wraps long names, and shows markup as text", async () => {
    const text = await readPdf("hostile-names");
    expect(text).toContain(`<script>alert(1)</script> "O'Neil" & co`);
    expect(text.replace(/ /g, "")).toContain("Venkatanarasimharajuvaripeta".repeat(4));
  });
});

describe("a page", () => {
  it("escapes what people typed, and allows no script", () => {
    const html = renderHtml(paperOf("hostile-names"));
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>/i);
    expect(html).toContain("&lt;script&gt;");
    expect(html.match(/<\/title>/g)).toHaveLength(1);
    expect(pagePolicy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/);
  });

  it("has the amount in figures and in words, and links to the PDF", () => {
    const html = renderHtml(paperOf("receipt"));
    expect(html).toContain("₹2,000.00");
    expect(html).toContain("wo thousand");
    expect(html).toContain(
      'href="https://matepeak.example/api/v1/documents/01930000-0000-7000-8000-000000000001.pdf"',
    );
    expect(html).toMatch(/<html lang="en">/);
  });
});

describe("the thread that makes PDFs", () => {
  const paper = paperOf("receipt");
  const fixture = (name: string) => new URL(`./testing/${name}.ts`, import.meta.url);

  it("rejects at once when too many wait", async () => {
    const busy = openPdfRenderer({ mostWaiting: 1 });
    const first = [busy.render(paper), busy.render(paper)];
    await expect(busy.render(paper)).rejects.toMatchObject({ code: "overloaded" });
    for (const bytes of await Promise.all(first)) expect(bytes.length).toBeGreaterThan(1000);
    await busy.close();
  });

  it("is ended when it takes too long, and the next document has another one", async () => {
    const stuck = openPdfRenderer({ timeout: 300, file: fixture("stuckWorker") });
    const answers = await Promise.allSettled([stuck.render(paper), stuck.render(paper)]);
    for (const answer of answers)
      expect(answer).toMatchObject({ status: "rejected", reason: { code: "overloaded" } });
    await stuck.close();
  });

  it("that fails loses one document only", async () => {
    const failing = openPdfRenderer({ file: fixture("failingWorker") });
    await expect(failing.render({ ...paper, title: "fail" })).rejects.toThrow("cannot");
    expect(await failing.render(paper)).toHaveLength(3);
    await failing.close();
  });

  it("is given back when there is nothing to do, and starts again", async () => {
    const lazy = openPdfRenderer({ idle: 20, file: fixture("failingWorker") });
    expect(await lazy.render(paper)).toHaveLength(3);
    await sleep(200);
    expect(await lazy.render(paper)).toHaveLength(3);
    await lazy.close();
  });
});
