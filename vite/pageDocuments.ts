import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, type Plugin, type Rolldown } from "vite";
import { type Page, pageTable } from "../src/app/pageTable.ts";
import { bundleForServer } from "./firstView.ts";

const pages: readonly Page[] = pageTable;
const src = fileURLToPath(new URL("../src/", import.meta.url));

/** Where the server puts what `rendered` of src/app/pageTable.ts renders. */
const firstViewMark = "<!--first-view-->";

/**
 * Writes a copy of index.html per page that preloads the page's own chunks together with the app, and runs the script that
 * requests the page's data before the app has loaded. `pages.json` tells the server which document belongs to which address.
 */
export function pageDocuments(language: string): Plugin {
  return {
    name: "page-documents",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const index = bundle["index.html"];
        if (index?.type !== "asset") throw new Error("vite build wrote no index.html.");
        const document = String(index.source);
        const documents = new Map<string, string>();
        const theme = readFileSync(new URL("../public/theme.js", import.meta.url), "utf8");

        const write = (file: string, modules: readonly string[], script: string | undefined): string => {
          const chunks = new Set(modules.flatMap((module) => chunksOf(module, bundle)));
          const tags = [...chunks]
            .filter((name) => !document.includes(name))
            // On a slow connection the app itself comes first.
            .map((name) => `<link rel="modulepreload" crossorigin fetchpriority="low" href="/${name}">`);
          // Not async: it has to send its requests before the app does.
          if (script) tags.unshift(`<script fetchpriority="high" src="/${script}"></script>`);
          const source = document.replace("</head>", `  ${tags.join("\n    ")}\n  </head>`);
          this.emitFile({ type: "asset", fileName: file, source });
          documents.set(file, source);
          return file;
        };

        const written = [];
        for (const { pattern, page, first, opened } of pages) {
          const source = first && (await bundleAlone(first));
          const script =
            source && this.getFileName(this.emitFile({ type: "asset", name: `${page}First.js`, source }));
          const file = write(`pages/${page}.html`, [`app/pages/${page}`], script);
          if (!opened) written.push({ pattern, file });
          else {
            const modules = [`app/pages/${page}`, opened.module];
            const openedFile = write(`pages/${page}.opened.html`, modules, script);
            const { code, styles } = await bundleForServer(opened.rendered, language);
            const renderer = `server/${page}.js`;
            this.emitFile({ type: "asset", fileName: renderer, source: code });
            const firstViewFile = `pages/${page}.firstView.html`;
            const openedSource = String(documents.get(openedFile));
            this.emitFile({
              type: "asset",
              fileName: firstViewFile,
              source: withFirstView(openedSource, { styles, script: source ?? "", theme }),
            });
            const firstView = { file: firstViewFile, renderer };
            written.push({ pattern, file, opened: { by: opened.by, file: openedFile, firstView } });
          }
        }
        this.emitFile({ type: "asset", fileName: "pages.json", source: JSON.stringify(written) });
      },
    },
  };
}

/**
 * The document with room for the first view. Nothing that has to be fetched delays its first paint: scripts and the styles of the
 * view are inside, and the style sheet is behind the view. The app waits for that sheet, as scripts do for the sheets before them.
 */
function withFirstView(
  document: string,
  { styles, script, theme }: { styles: string; script: string; theme: string },
): string {
  const [sheet = ""] = /<link rel="stylesheet"[^>]*>/.exec(document) ?? [];
  const changes: [from: string | RegExp, to: string][] = [
    [sheet, `<style>${styles}</style>`],
    ['<script src="/theme.js"></script>', `<script>${theme.trim()}</script>`],
    [/<script fetchpriority="high" src="[^"]*First[^"]*"><\/script>/, ""],
    [/ *<!-- Sets the chosen theme[^>]*-->\n/, ""],
    [
      '<div id="root">',
      `${firstViewMark}<script>${script.trim()}</script>\n    ${sheet}\n    <div id="root">`,
    ],
  ];
  return changes.reduce((html, [from, to]) => {
    const next = html.replace(from, () => to);
    if (next === html) throw new Error(`The document has no ${from}.`);
    return next;
  }, document);
}

/** The chunk of a module and all chunks it imports, in order of need. */
function chunksOf(module: string, bundle: Rolldown.OutputBundle): string[] {
  const own = Object.values(bundle).find(
    (file) => file.type === "chunk" && file.facadeModuleId?.endsWith(`/src/${module}.tsx`),
  );
  if (!own) throw new Error(`vite build made no chunk of src/${module}.tsx.`);
  const found = new Set<string>();
  const collect = (name: string): void => {
    const file = bundle[name];
    if (found.has(name) || file?.type !== "chunk") return;
    found.add(name);
    file.imports.forEach(collect);
  };
  collect(own.fileName);
  return [...found];
}

/** A script with its own copy of the few functions it needs, so that it waits for no chunk of the app. */
async function bundleAlone(module: string): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    resolve: { alias: { "@": src.slice(0, -1) } },
    build: {
      write: false,
      rolldownOptions: {
        input: `${src}${module}.ts`,
        output: { format: "iife" },
        // It takes single functions out of modules that import React or the whole API.
        treeshake: { moduleSideEffects: (id) => id.endsWith(`/${module}.ts`) },
      },
    },
  });
  const [chunk, ...others] = [built].flat().flatMap((result) => ("output" in result ? result.output : []));
  if (chunk?.type !== "chunk" || others.length > 0) throw new Error(`src/${module}.ts became several files.`);
  return chunk.code;
}
