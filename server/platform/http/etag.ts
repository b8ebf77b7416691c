/** The tags of an If-Match header that can match, compared strongly (RFC 9110, 13.1.1); null when any revision does. */
export function tagsOf(seen: string | undefined): string[] | null {
  if (seen === undefined || seen.trim() === "*") return null;
  return seen.match(/(?:W\/)?"[^"]*"/g)?.filter((tag) => !tag.startsWith("W/")) ?? [];
}

/** Whether what the caller has seen is still what is there. */
export function isSeen(seen: string | undefined, revision: number): boolean {
  return tagsOf(seen)?.includes(etagOf(revision)) ?? true;
}

export function etagOf(revision: number): string {
  return `"${revision}"`;
}
