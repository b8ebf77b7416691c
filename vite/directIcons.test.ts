import type { Plugin } from "vite";
import { expect, it } from "vitest";
import { directIcons } from "./directIcons.ts";

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
