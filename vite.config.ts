import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { directIcons, plainIcons } from "./vite/directIcons.ts";
import { firstVisit, laterPages } from "./vite/firstVisit.ts";
import { wordsOf } from "./vite/language.ts";
import { pageDocuments } from "./vite/pageDocuments.ts";

/**
 * sonner writes its style sheet into a <style> element when it is imported, which the server's CSP refuses. The call is
 * cut out; src/app/styles.css imports the same rules as a file.
 */
function sonnerWithoutInlineStyle(): Plugin {
  return {
    name: "sonner-without-inline-style",
    transform(code, id) {
      if (!/sonner[\\/]dist[\\/]index\.mjs/.test(id)) return null;
      const call = code.indexOf('\n__insertCSS("');
      if (call < 0)
        throw new Error("sonner no longer injects its style sheet as expected; look at vite.config.ts.");
      const end = code.indexOf("\n", call + 1);
      return { code: code.slice(0, call) + code.slice(end), map: null };
    },
  };
}

const language = process.env.WEB_LANGUAGE ?? "en";
const api = { target: "http://localhost:3000", changeOrigin: false };

export default defineConfig({
  plugins: [
    wordsOf(language),
    directIcons(),
    plainIcons(),
    react({ jsxImportSource: "@/jsx" }),
    tailwindcss(),
    sonnerWithoutInlineStyle(),
    pageDocuments(language),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Not pre-bundled, so that the transform above also sees it in development.
  optimizeDeps: { exclude: ["sonner"] },
  server: { proxy: { "/api": api, "/calendar": api } },
  preview: { proxy: { "/api": api, "/calendar": api } },
  build: {
    outDir: "dist",
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [...firstVisit, ...laterPages],
        },
      },
    },
    // No data: addresses in the output; the CSP allows files of our own origin only.
    assetsInlineLimit: 0,
    // All browsers below preload modules.
    modulePreload: { polyfill: false },
    // The first browsers with `light-dark()`, by which src/app/styles.css has one list of colours instead of two.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
  },
});
