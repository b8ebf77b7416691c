import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { compile } from "tailwindcss";
import { build } from "vite";
import { wordsOf } from "./language.ts";

const src = fileURLToPath(new URL("../src/", import.meta.url));

/** Bundles a module of src that the server runs, with all that it imports; with the styles that it may need. */
export async function bundleForServer(module: string, language: string) {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    plugins: [wordsOf(language), react({ jsxImportSource: "@/jsx" })],
    resolve: { alias: { "@": src.slice(0, -1) } },
    define: {
      "process.env.NODE_ENV": '"production"',
      // Node has languages too, but they are not the reader's.
      "globalThis.navigator": "undefined",
      localStorage: "undefined",
    },
    ssr: { noExternal: true },
    build: {
      ssr: `${src}${module}.tsx`,
      write: false,
      minify: false,
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [chunk, ...others] = [built].flat().flatMap((result) => ("output" in result ? result.output : []));
  if (chunk?.type !== "chunk" || others.length > 0)
    throw new Error(`src/${module}.tsx became several files.`);
  const own = Object.entries(chunk.modules).filter(([id]) => id.startsWith(src));
  return { code: chunk.code, styles: await stylesFor(own.map(([, { code }]) => code ?? "").join(" ")) };
}

/** The rules of src/app/styles.css for the classes in some code, for a <style> element: the whole file delays the first paint. */
async function stylesFor(code: string): Promise<string> {
  const own = readFileSync(`${src}app/styles.css`, "utf8").replace('@import "sonner/dist/styles.css";', "");
  const { build: buildCss } = await compile(own, {
    base: src,
    loadStylesheet: async (_id, base) => {
      const path = fileURLToPath(import.meta.resolve("tailwindcss/index.css"));
      return { path, base, content: readFileSync(path, "utf8") };
    },
  });
  return minified(buildCss([...new Set(code.split(/[\s"'`]+/))]));
}

function minified(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/: /g, ":")
    .replace(/;}/g, "}")
    .trim();
}
