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
