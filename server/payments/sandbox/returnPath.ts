const defaultPath = "/sessions";
const longestPath = 500;
/** Any origin: only whether a path stays within it matters. */
const somewhere = "http://matepeak.invalid";

/**
 * Where the payer goes back to: the path if it is one of this site, else the list of sessions. Browsers read a backslash as a
 * slash and skip tabs and line ends, so "/\example.com" would lead to another site.
 */
export function returnPathOf(given: string | undefined): string {
  if (given === undefined || given.length > longestPath || !/^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(given)) {
    return defaultPath;
  }
  if (!URL.canParse(given, somewhere)) return defaultPath;
  const { origin, pathname, search, hash } = new URL(given, somewhere);
  // "/..//example.com" becomes "//example.com".
  return origin === somewhere && !pathname.startsWith("//") ? `${pathname}${search}${hash}` : defaultPath;
}
