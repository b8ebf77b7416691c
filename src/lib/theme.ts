import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

/** Shared with public/theme.js, which sets the theme before the first paint. */
const KEY = "matepeak.theme";
const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function theme(): Theme {
  const { theme } = document.documentElement.dataset;
  if (theme === "light" || theme === "dark") return theme;
  return systemIsDark.matches ? "dark" : "light";
}

export function setTheme(next: Theme): void {
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, theme);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  systemIsDark.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    systemIsDark.removeEventListener("change", listener);
  };
}
