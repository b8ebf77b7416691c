import { Moon, Sun } from "lucide-react";
import { layout } from "#words/layout.ts";
import { setTheme, useTheme } from "@/lib/theme.ts";
import { Button } from "@/ui/Button.tsx";

export function ThemeToggle() {
  const theme = useTheme();
  const next = theme === "dark" ? "light" : "dark";
  const Icon = next === "dark" ? Moon : Sun;
  return (
    <Button variant="ghost" size="icon" onClick={() => setTheme(next)} aria-label={layout[next]}>
      <Icon aria-hidden className="size-5" />
    </Button>
  );
}
