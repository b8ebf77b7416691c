export type Params = Readonly<Record<string, string | undefined>>;

/**
 * The decoded parameters of a path that matches a pattern, or null. In a pattern, `:name` is one segment, `:name?` one or none,
 * and a final `*` any number. Case and a slash at the end do not matter.
 */
export function matchPath(pattern: string, pathname: string): Params | null {
  const names: string[] = [];
  const source = pattern
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) => {
      if (segment === "*") return "(?:/.*)?";
      const [, name, optional] = /^:(\w+)(\?)?$/.exec(segment) ?? [];
      if (name === undefined) return `/${segment}`;
      names.push(name);
      return optional ? "(?:/([^/]+))?" : "/([^/]+)";
    });
  const match = new RegExp(`^${source.join("")}/?$`, "i").exec(pathname);
  return match && Object.fromEntries(names.map((name, index) => [name, decoded(match[index + 1])]));
}

/** An address can have a `%` that encodes nothing. */
function decoded(segment: string | undefined): string | undefined {
  try {
    return segment && decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
