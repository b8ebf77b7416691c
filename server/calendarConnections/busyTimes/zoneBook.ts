import { findIana } from "windows-iana";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";
import { resolveTimeZone, type ZoneTable, zoneTable } from "#scheduling/zoneTable.ts";
import type { RawComponent } from "./contentLines.ts";
import { readProperty } from "./properties.ts";
import { tableOfVtimezone } from "./vtimezone.ts";

/** Older starts have the oldest offset: the masters of series that still go on are hardly ever older. */
const earliest = Date.UTC(1970, 0, 1);

/**
 * The zones that a calendar names. Zones of the tz database have the rules of this installation, whatever the file says of
 * them (docs/decisions/0033); a file's own rules count for names that nothing else explains.
 */
export class ZoneBook {
  private readonly until: number;
  private readonly described = new Map<string, RawComponent>();
  private readonly found = new Map<string, ZoneTable | null>();

  constructor(zones: readonly RawComponent[], until: number) {
    this.until = until + 400 * DAY_MS;
    for (const zone of zones) {
      const id = textOf(zone, "tzid");
      if (id !== null) this.described.set(id, zone);
    }
  }

  find(name: string): ZoneTable | null {
    let table = this.found.get(name);
    if (table === undefined) {
      table = this.search(name);
      this.found.set(name, table);
    }
    return table;
  }

  private search(name: string): ZoneTable | null {
    const described = this.described.get(name);
    // Before the file's own rules only names that mean the same everywhere: 'EST' may be anything.
    const isPlace = name.includes("/") || /^(utc|gmt|z)$/i.test(name);
    const iana =
      (isPlace ? ianaName(name) : null) ??
      windowsZone(name) ??
      (described && textOf(described, "x-lic-location"));
    const table = iana && this.tableOf(iana);
    if (table) return table;
    if (described) {
      try {
        return tableOfVtimezone(described, earliest, this.until);
      } catch {
        // A name and no rules: as if it were not described.
      }
    }
    return this.tableOf(name) ?? fixedOffset(name);
  }

  private tableOf(name: string): ZoneTable | null {
    const known = resolveTimeZone(name);
    return known === null ? null : zoneTable(known, earliest, this.until);
  }
}

/** The IANA name of a Windows zone ('Eastern Standard Time'), or null. */
function windowsZone(name: string): string | null {
  return (
    findIana(name)
      .map(resolveTimeZone)
      .find((known) => known !== null) ?? null
  );
}

/** Of 'Europe/Berlin', and of names with it at their end: '/mozilla.org/20070129_1/Europe/Berlin'. */
function ianaName(name: string): string | null {
  if (/^(z|tzone:\/\/microsoft\/utc)$/i.test(name)) return "UTC";
  const parts = name.split("/").filter(Boolean);
  for (let from = 0; from < parts.length; from++) {
    const known = resolveTimeZone(parts.slice(from).join("/"));
    if (known !== null && (from === 0 || from < parts.length - 1)) return known;
  }
  return null;
}

/** Of 'GMT+0530', 'UTC-3' and '(UTC+01:00) Amsterdam, Berlin'. */
function fixedOffset(name: string): ZoneTable | null {
  const parts = /^\(?(?:utc|gmt)\s*([+-])(\d{1,2}):?(\d\d)?\b/i.exec(name.trim());
  if (parts === null) return null;
  const ms = Number(parts[2]) * HOUR_MS + Number(parts[3] ?? 0) * MINUTE_MS;
  const none = [Number.POSITIVE_INFINITY];
  const offset = parts[1] === "-" ? -ms : ms;
  return {
    from: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    changes: none,
    wallChanges: none,
    offsets: [offset],
  };
}

function textOf({ lines }: RawComponent, name: string): string | null {
  const line = lines.find((text) => text.toLowerCase().startsWith(name));
  try {
    return line === undefined ? null : String(readProperty(line).values[0]);
  } catch {
    return null;
  }
}
