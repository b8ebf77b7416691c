/** Returns the strong tags of an If-Match header (RFC 9110, 13.1.1); null if any revision matches. */
export function tagsOf(seen: string | undefined): string[] | null {
  if (seen === undefined || seen.trim() === "*") return null;
  return seen.match(/(?:W\/)?"[^"]*"/g)?.filter((tag) => !tag.startsWith("W/")) ?? [];
}

/** Whether the revision that the caller has seen is the current one. */
export function isSeen(seen: string | undefined, revision: number): boolean {
  return tagsOf(seen)?.includes(etagOf(revision)) ?? true;
}

export function etagOf(revision: number): string {
  return `"${revision}"`;
}
