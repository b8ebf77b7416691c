export interface Device {
  browser: string | null;
  system: string | null;
}

type Sign = [pattern: RegExp, name: string];

/** In this order: most browsers also name those that they descend from. */
const browsers: readonly Sign[] = [
  [/\b(Edg|EdgA|EdgiOS)\//, "Edge"],
  [/\b(OPR|OPT|OPX)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung"],
  [/\b(YaBrowser)\//, "Yandex"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bDuckDuckGo\/|\bDdg\//, "DuckDuckGo"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, "Chrome"],
  [/\bVersion\/\S+ .*\bSafari\//, "Safari"],
];

const systems: readonly Sign[] = [
  [/\biPhone\b|\biPod\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMacintosh\b|\bMac OS X\b/, "macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

/**
 * Returns what a User-Agent header says about a device, for its owner to recognise it. Browsers shorten the header, and an
 * iPad calls itself a Mac, so this is no proof of anything.
 */
export function deviceOf(userAgent: string | null): Device {
  const nameIn = (signs: readonly Sign[]) =>
    signs.find(([pattern]) => pattern.test(userAgent ?? ""))?.[1] ?? null;
  return { browser: nameIn(browsers), system: nameIn(systems) };
}
