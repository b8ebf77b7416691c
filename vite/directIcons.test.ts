import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { expect, it } from "vitest";
import { directIcons, withoutOldNames } from "./directIcons.ts";

/** The code that the plugin makes of some code. */
function made(code: string): string {
  const plugin = directIcons() as Required<Pick<Plugin, "buildStart" | "transform">>;
  Reflect.apply(plugin.buildStart as () => void, {}, []);
  const { handler } = plugin.transform as { handler: (code: string) => { code: string } };
  return handler(code).code;
}

it("imports each icon from its own file, also by another name of the icon", () => {
  expect(made('import { ArrowLeft, AlarmCheck as Alarm } from "lucide-react";\nx();')).toBe(
    'import ArrowLeft from "lucide-react/icons/arrow-left"; import Alarm from "lucide-react/icons/alarm-clock-check";\nx();',
  );
});

it("fails for what is no icon (twin)", () => {
  expect(() => made('import { NoSuchIcon } from "lucide-react";')).toThrow(/NoSuchIcon/);
});

it("leaves out the other names of an icon, and keeps its drawing", () => {
  const file = fileURLToPath(import.meta.resolve("lucide-react/icons/circle-check"));
  const code = readFileSync(file, "utf8");
  expect(code).toMatch(/aliases: \["check-circle-2"\]/);
  const plain = withoutOldNames(code);
  expect(plain).not.toMatch(/aliases|__iconData\.node;/);
  expect(plain).toContain('["circle", { cx: "12", cy: "12", r: "10"');
  expect(plain).toContain("createLucideIcon(__iconData)");
});
