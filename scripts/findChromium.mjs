// Finds a Chromium for the browser journeys. Used by the set-up, by playwright.config.ts and by the benchmark of pages.
import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Chromium without its own user interface, as Playwright uses by default: the same pages for about 40 % less CPU time. */
export const headlessShell = "chromium-headless-shell";

const commands = [headlessShell, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * Returns the absolute path of a Chromium or Chrome, or null. In this order: CHROMIUM_PATH, PATH, the usual folders of
 * macOS and Windows, Playwright's own download. Throws if CHROMIUM_PATH is set to something that cannot be run,
 * because using another browser than the requested one would be a surprise.
 */
export function findChromium() {
  const asked = process.env.CHROMIUM_PATH;
  if (asked) {
    if (isExecutable(asked)) return asked;
    throw new Error(`CHROMIUM_PATH is ${asked}, which is not a program that can be run.`);
  }
  return [...onPath(), ...usualPlaces()].find(isBrowser) ?? playwrightsOwn();
}

function onPath() {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return commands.flatMap((command) => folders.map((folder) => join(folder, command)));
}

function usualPlaces() {
  if (process.platform === "darwin") {
    const apps = ["Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome"];
    const folders = ["/Applications", join(homedir(), "Applications")];
    return [
      ...apps.flatMap((app) => folders.map((folder) => join(folder, app))),
      "/opt/homebrew/bin/chromium",
      "/usr/local/bin/chromium",
    ];
  }
  if (process.platform === "win32") {
    const folders = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA];
    return folders
      .filter(Boolean)
      .map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe"));
  }
  return [];
}

function playwrightsOwn() {
  const require = createRequire(import.meta.url);
  try {
    const path = require("playwright-core").chromium.executablePath();
    return isExecutable(path) ? path : null;
  } catch {
    // Not installed, or no browser for this system: both mean that there is none.
    return null;
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Ubuntu's `chromium-browser` without the snap is a short script that only explains how to get the snap. */
function isSnapAdvice(path) {
  return (
    statSync(path).size < 10_000 &&
    readFileSync(path, "utf8").includes("requires the chromium snap") &&
    !existsSync("/snap/bin/chromium")
  );
}

function isBrowser(path) {
  return isExecutable(path) && !isSnapAdvice(path);
}
