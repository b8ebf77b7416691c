import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { modules, pinnedNode, print, readJson, root, run, SetupError, toolEnvironment } from "./project.mjs";

const stampPath = join(root, "dist", ".built-from.json");

/** Everything that can change what `vite build` writes. */
const sources = [
  "index.html",
  "vite.config.ts",
  "vite",
  "scripts/buildWebApp.mjs",
  "tsconfig.base.json",
  "package-lock.json",
  ".env",
  ".env.local",
  ".env.production",
  ".env.production.local",
  "public",
  "src",
  "scheduling",
  "rules",
  "words",
  "contract",
];

/** Builds the web app into dist/ if its sources changed since the last build. */
export function buildWebApp() {
  if (!existsSync(join(root, "vite.config.ts"))) {
    print("There is no vite.config.ts, so no web app is built.");
    return;
  }
  const files = sourceFiles();
  const recorded = existsSync(join(root, "dist", "index.html")) ? readJson(stampPath) : null;
  const quick = quickHash(files);
  if (recorded?.quick === quick) return;

  // A checkout or a copy touches every file: only then is the content read.
  const content = contentHash(files);
  if (recorded?.content !== content) build();
  writeFileSync(stampPath, JSON.stringify({ quick, content }));
}

function build() {
  print("Building the web app …");
  const vite = join(modules, "vite", "bin", "vite.js");
  const code = run(pinnedNode, [vite, "build", "--logLevel", "warn"], { env: toolEnvironment() });
  if (code !== 0) throw new SetupError(`Building the web app failed (vite build ended with ${code}).`);
  compress();
}

/** Once and as small as can be, instead of at each request. */
function compress() {
  const dist = join(root, "dist");
  for (const name of readdirSync(dist, { recursive: true })) {
    const path = join(dist, name);
    if (!/\.(js|css|html|svg)$/.test(name) || statSync(path).size < 512) continue;
    const content = readFileSync(path);
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
}

function isTest(name) {
  return /\.(test|spec)\.[a-z]+$/.test(name);
}

function sourceFiles() {
  const files = [];
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
    } else if (stat?.isFile() && !isTest(path)) {
      files.push({ path, size: stat.size, changedAt: stat.mtimeMs });
    }
  };
  for (const path of sources) visit(path);
  return files;
}

/** The language of the build (vite.config.ts), and VITE_… variables, which Vite copies into the bundle. */
function buildVariables() {
  const names = Object.keys(process.env).filter(
    (name) => name === "WEB_LANGUAGE" || name.startsWith("VITE_"),
  );
  return names.sort().map((name) => `${name}=${process.env[name]}`);
}

function quickHash(files) {
  const hash = createHash("sha256").update(JSON.stringify(buildVariables()));
  return hash.update(JSON.stringify(files)).digest("hex");
}

function contentHash(files) {
  const hash = createHash("sha256").update(JSON.stringify(buildVariables()));
  for (const { path, size } of files) {
    hash.update(JSON.stringify([path, size])).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}
