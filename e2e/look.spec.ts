import { expect, test } from "./test.ts";

const faint = "h1 { color: #999 }";

for (const [scheme, style] of [
  ["light", `@media (prefers-color-scheme: light) { ${faint} }`],
  ["dark", `@media (prefers-color-scheme: dark) { body { background: #fff } ${faint} }`],
] as const) {
  test(`faint text is found where it is so only in the ${scheme} scheme`, async ({ page, look }) => {
    const show = (css: string) =>
      page.setContent(
        `<html lang="en"><title>Text</title><style>body { background: #fff; color: #111 } ${css}</style><main><h1>Words</h1></main>`,
      );
    await show("");
    await look("readable");
    await show(style);
    await expect(look("faint")).rejects.toThrow("color-contrast: <h1>Words</h1>");
  });
}

test("another width is checked as well, and its colours where it shows something else", async ({
  page,
  look,
}) => {
  const show = (content: string) =>
    page.setContent(
      `<html lang="en"><title>Text</title><style>body { background: #fff; color: #111 }</style><main><h1>Words</h1>${content}</main>`,
    );
  await show("");
  await look("wide");
  await page.setViewportSize({ width: 360, height: 740 });
  await show("<button></button>");
  await expect(look("narrow")).rejects.toThrow("button-name: <button></button>");
  await show("<style>h2 { color: #999 }</style><h2>More words</h2>");
  await expect(look("narrow-faint")).rejects.toThrow("color-contrast: <h2>More words</h2>");
});
