import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const barrel = fileURLToPath(import.meta.resolve("lucide-react/dist/esm/lucide-react.mjs"));

/**
 * Imports each icon from its own file. Through the library's index every module would import all icons, so that the build reads
 * 1,700 files and no group of vite.config.ts can tell which page needs which icon.
 */
export function directIcons(): Plugin {
  let files: ReadonlyMap<string, string>;
  return {
    name: "direct-icons",
    apply: "build",
    buildStart() {
      files = iconFiles();
    },
    transform: {
      filter: { id: /\/src\/.*\.tsx?$/, code: "lucide-react" },
      handler(code) {
        const direct = code.replace(/import \{([^}]*)\} from "lucide-react";/g, (_, names: string) =>
          names
            .split(",")
            .filter((name) => name.trim())
            .map((name) => {
              const [icon = "", as = icon] = name.trim().split(" as ");
              const file = files.get(icon);
              if (!file) throw new Error(`lucide-react has no icon ${icon}.`);
              return `import ${as} from ${JSON.stringify(file)};`;
            })
            .join(" "),
        );
        return { code: direct, map: null };
      },
    },
  };
}

/** Without the icons' older names, which become classes of the drawing, and a statement that does nothing: 22 icons come first. */
export function plainIcons(): Plugin {
  return {
    name: "plain-icons",
    apply: "build",
    transform: {
      filter: { id: /\/lucide-react\/dist\/esm\/icons\/[^/]+\.mjs$/ },
      handler: (code) => ({ code: withoutOldNames(code), map: null }),
    },
  };
}

export function withoutOldNames(code: string): string {
  return code.replace(/,\s*aliases: \[[^\]]*\]/, "").replace(/^__iconData\.node;$/m, "");
}

/** Name of an icon, or one of its other names -> file. */
function iconFiles(): Map<string, string> {
  const files = new Map<string, string>();
  const lines = readFileSync(barrel, "utf8").matchAll(
    /export \{ ([^}]*) \} from '\.\/(icons\/[^']+)\.mjs';/g,
  );
  for (const [, names = "", file = ""] of lines) {
    for (const [, name = ""] of names.matchAll(/default as (\w+)/g)) files.set(name, `lucide-react/${file}`);
  }
  return files;
}
