import { mkdir, writeFile } from "node:fs/promises";
import { composePaper } from "../server/documents/composePaper.ts";
import { openPdfRenderer } from "../server/documents/pdf/renderPdf.ts";
import { pagePolicy, renderHtml } from "../server/documents/renderHtml.ts";
import { sampleDocuments } from "../server/documents/testing/sampleDocuments.ts";
import { defaultLanguage, wordsIn } from "../words/languages.ts";
import { expect, sidewaysScroll, test } from "./test.ts";

const folder = "artefacts/documents";
const papers = Object.entries(sampleDocuments).map(
  ([name, sample]) =>
    [name, composePaper(sample, wordsIn(defaultLanguage), "https://matepeak.example")] as const,
);

/** Between them they have every part. */
const checked = ["tax-invoice-other-state", "receipt-sandbox"];

test("every document is a page that can be read on a screen and a phone, under its own policy", {
  tag: "@long",
}, async ({ page, look }) => {
  for (const [name, paper] of papers) {
    await page.route("**/document", (route) =>
      route.fulfill({
        contentType: "text/html; charset=utf-8",
        headers: { "content-security-policy": pagePolicy },
        body: renderHtml(paper),
      }),
    );
    await page.goto("/document");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(paper.title);
    await expect(page.getByRole("rowheader", { name: paper.total.label })).toBeVisible();
    // Its styles are allowed by their hash.
    expect(await page.locator("main").evaluate((main) => getComputedStyle(main).borderStyle)).toBe("solid");
    for (const width of [1000, 360]) {
      await page.setViewportSize({ width, height: 600 });
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
    }
    await page.unrouteAll();
    if (!checked.includes(name)) continue;
    // Without the policy, which forbids axe.
    await page.setContent(renderHtml(paper));
    await look(`document-${name}`);
  }
});

test("every document is a PDF; what is printed from the page is the same paper", { tag: "@long" }, async ({
  page,
}) => {
  const pdfs = openPdfRenderer();
  await mkdir(folder, { recursive: true });
  for (const [name, paper] of papers) {
    const bytes = await pdfs.render(paper);
    expect(
      Buffer.from(bytes)
        .toString("latin1")
        .match(/\/Type \/Page\b/g),
    ).toHaveLength(1);
    await writeFile(`${folder}/${name}.pdf`, bytes);
  }
  await pdfs.close();
  await page.setContent(renderHtml(papers[0]![1]));
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("link")).toBeHidden();
  await expect(page.getByRole("main")).toBeVisible();
});
