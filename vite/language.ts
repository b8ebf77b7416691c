import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

type Catalogues = Pick<typeof import("../words/en/index.ts"), "language" | "layout">;

const catalogues = fileURLToPath(new URL("../words/", import.meta.url));

/**
 * Builds the web app in one language: `#words/` is the folder of that language, and index.html has its tag and texts.
 * @param folder the folder with a folder per language
 */
export function wordsOf(language: string, folder = catalogues): Plugin {
  return {
    name: "words-of-language",
    config: () => ({
      resolve: { alias: [{ find: /^#words\/(?!languages\.ts$)/, replacement: `${folder}${language}/` }] },
    }),
    async transformIndexHtml(html) {
      const words: Catalogues = await import(`${folder}${language}/index.ts`);
      const texts: Record<string, string> = words.layout.documentTexts;
      const inLanguage = html.replace('<html lang="en">', `<html lang="${words.language.language}">`);
      return inLanguage.replace(/%words\.(\w+)%/g, (_, name: string) => {
        const text = texts[name];
        if (text === undefined) throw new Error(`index.html asks for "${name}", which layout.ts has not.`);
        return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
      });
    },
  };
}
