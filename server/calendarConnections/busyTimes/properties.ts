import ICAL from "ical.js";

/** A property with its values in jCal (RFC 7265): dates as '2026-11-01', times as '2026-11-01T09:00:00' with Z for UTC. */
export interface Property {
  name: string;
  parameters: Readonly<Record<string, string | readonly string[]>>;
  values: readonly unknown[];
}

/** @throws if ical.js cannot read it */
export function readProperty(line: string): Property {
  // Rules in lower case exist, and ical.js knows the names of frequencies and days in upper case only.
  const [name, parameters, , ...values] = ICAL.parse.property(
    /^rrule/i.test(line) ? line.toUpperCase() : line,
  );
  return { name, parameters, values };
}

export function parameterOf({ parameters }: Property, name: string): string | null {
  const value = parameters[name];
  return typeof value === "string" ? value : (value?.[0] ?? null);
}
