/** See findChromium.mjs: returns the absolute path of a Chromium or Chrome, or null; throws on an unusable CHROMIUM_PATH. */
export function findChromium(): string | null;
