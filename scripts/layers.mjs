// `npm run lint` checks with it which folder imports which (.dependency-cruiser.mjs). dependency-cruiser reads TypeScript through
// the compiler's JavaScript API, which ended with version 6; @ts-morph/common brings that version along.
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const instead = {
  typescript: "@ts-morph/common/dist/typescript.js",
  "typescript/package.json": fileURLToPath(new URL("./layers/typescriptVersion.json", import.meta.url)),
};
registerHooks({ resolve: (specifier, context, next) => next(instead[specifier] ?? specifier, context) });
const folders = [
  "scheduling",
  "rules",
  "words",
  "contract",
  "db",
  "server",
  "src",
  "mail",
  "bench",
  "prove",
  "e2e",
  "scripts",
  "supabase",
  "vite",
];
process.argv.push("--config", ".dependency-cruiser.mjs", ...folders);
await import("../node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
