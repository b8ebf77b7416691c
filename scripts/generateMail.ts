// `npm run mail:generate`: compiles the templates in mail/ to server/mail/templates.gen.ts, so that the server needs neither
// React nor React Email to write a mail. mail/tests/templates.test.ts fails while the file is out of date.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("../", import.meta.url));
const { module } = await runnerImport<{ compileTemplates: () => string }>(
  `${root}mail/compileTemplates.tsx`,
  {
    root: `${root}mail`,
    configFile: false,
    logLevel: "error",
  },
);
await writeFile(`${root}server/mail/templates.gen.ts`, module.compileTemplates());
