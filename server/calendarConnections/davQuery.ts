import { escapeHtml } from "../platform/http/escapeHtml.ts";

const namespaces = Object.entries({
  d: "DAV:",
  c: "urn:ietf:params:xml:ns:caldav",
  cs: "http://calendarserver.org/ns/",
  ca: "http://apple.com/ns/ical/",
})
  .map(([prefix, name]) => ` xmlns:${prefix}="${name}"`)
  .join("");

/** Asks for properties (RFC 4918, 9.1), named with the prefixes d, c, cs and ca. */
export function propertiesQuery(names: readonly string[]): string {
  return query("d:propfind", `<d:prop>${names.map((name) => `<${name}/>`).join("")}</d:prop>`);
}

/** Asks for what has changed since (RFC 6578, 3.2). */
export function changesQuery(token: string): string {
  return query(
    "d:sync-collection",
    `<d:sync-token>${escapeHtml(token)}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop>`,
  );
}

/** Asks for objects by their paths (RFC 4791, 7.9). */
export function objectsQuery(refs: readonly string[]): string {
  const hrefs = refs.map((ref) => `<d:href>${escapeHtml(ref)}</d:href>`).join("");
  return query("c:calendar-multiget", `<d:prop><d:getetag/><c:calendar-data/></d:prop>${hrefs}`);
}

function query(name: string, content: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<${name}${namespaces}>${content}</${name}>`;
}
