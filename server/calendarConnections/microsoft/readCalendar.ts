import { z } from "zod";
import { formatInstant } from "#scheduling/units.ts";
import { busyTimeOfMicrosoft, uidOfMicrosoft } from "../busyTimes/microsoftEvent.ts";
import {
  type BusyChanges,
  type BusyObject,
  CalendarProblem,
  type KnownCalendar,
  type Login,
  type Reach,
} from "../provider.ts";
import { type Graph, pathOf, preferAlso } from "./graph.ts";

/** Events in an answer. With their texts, a page has some hundreds of kB. */
const pageSize = 200;
/** More series than these that have changed: all of the calendar is read instead. */
const mostSeries = 40;
/** How Graph says that it does not know a link any more: 410 syncStateNotFound, and what it says instead. */
const linkRefused = [400, 404, 410];
const gone = [404, 410];

/** What is used of an event besides what says when its owner is busy. */
const item = z.looseObject({
  id: z.string().min(1),
  type: z.string().nullish(),
  seriesMasterId: z.string().nullish(),
  "@odata.etag": z.string().nullish().catch(null),
  "@removed": z.unknown().optional(),
});
type Item = z.output<typeof item>;

const text = z.string().nullish().catch(null);
const uids = z.object({ iCalUId: text, transactionId: text });

interface Reading {
  graph: Graph;
  login: Login;
  calendar: KnownCalendar;
  reach: Reach;
  signal: AbortSignal;
}

/**
 * A calendar by its delta. https://learn.microsoft.com/graph/delta-query-events
 *
 * Graph expands series itself, but reports the occurrences of one with nothing but their times, the rest being that of the
 * series, and says nothing of an occurrence that is deleted. So a series of which anything has changed is read again.
 * A ref is the id of the event, or for an occurrence that of its series and its own.
 */
export async function readCalendar(reading: Reading): Promise<BusyChanges> {
  const { deltaLink } = reading.calendar.state ?? {};
  const changes = deltaLink === undefined ? null : await changesSince(reading, deltaLink);
  return changes ?? readAll(reading);
}

async function readAll(reading: Reading): Promise<BusyChanges> {
  const { graph, login, calendar, signal } = reading;
  const address = `/me/calendars${pathOf(calendar.remoteId)}/calendarView/delta?${rangeOf(reading)}`;
  const request = { headers: preferAlso(`odata.maxpagesize=${pageSize}`), signal, accept: [410] };
  const found = await graph.list(login, address, request);
  // Nothing was asked for that could have been forgotten.
  if (!found) throw new CalendarProblem("failing", { detail: "410 a read from the beginning was refused" });
  const { items, unreadable } = readItems(found.items);
  const masters = new Map<string, Promise<Item | null>>();
  for (const each of items) if (isSeries(each)) masters.set(each.id, Promise.resolve(each));
  const objects = new Map<string, BusyObject>();
  for (const each of items) {
    if (isSeries(each) || isRemoved(each)) continue;
    const { seriesMasterId: series } = each;
    if (series && isBare(each)) {
      const master = masters.get(series) ?? readEvent(reading, series);
      masters.set(series, master);
      add(objects, unreadable, reading, { ...(await master), ...withoutNulls(each) });
    } else add(objects, unreadable, reading, each);
  }
  return {
    isFull: true,
    objects: [...objects.values()],
    removed: [],
    state: stateOf(found.deltaLink),
    unreadable,
  };
}

/** Null if all is to be read: Graph does not know the link any more, or too much has changed. */
async function changesSince(reading: Reading, deltaLink: string): Promise<BusyChanges | null> {
  const { graph, login, calendar, signal } = reading;
  const request = { headers: preferAlso(`odata.maxpagesize=${pageSize}`), signal, accept: linkRefused };
  const found = await graph.list(login, deltaLink, request);
  if (!found) return null;
  const { items, unreadable } = readItems(found.items);
  const known = knownRefs(calendar);
  const series = new Set<string>();
  const objects = new Map<string, BusyObject>();
  const removed = new Set<string>();
  const remove = (refs: Iterable<string>) => {
    for (const ref of refs) {
      objects.delete(ref);
      removed.add(ref);
    }
  };
  for (const each of items) {
    const { id, seriesMasterId } = each;
    if (isRemoved(each)) {
      const ofSeries = known.seriesOf.get(id);
      if (ofSeries !== undefined) series.add(ofSeries);
      else if (known.occurrences.has(id)) series.add(id);
      // Events outside of the range are reported as removed, too.
      else if (calendar.etags.has(id) || objects.has(id)) remove([id]);
    } else if (isSeries(each)) series.add(id);
    else if (seriesMasterId) series.add(seriesMasterId);
    else {
      remove(known.occurrences.get(id) ?? []);
      const whole = isWhole(each) ? each : await readEvent(reading, id);
      if (whole) add(objects, unreadable, reading, whole);
      else remove([id]);
    }
  }
  if (series.size > mostSeries) return null;
  for (const id of series) {
    remove([id, ...(known.occurrences.get(id) ?? [])].filter((ref) => calendar.etags.has(ref)));
    const address = `/me/events${pathOf(id)}/instances?${rangeOf(reading)}&$top=${pageSize}&$select=${fields}`;
    const instances = await graph.list(login, address, { signal, accept: gone });
    const read = readItems(instances?.items ?? []);
    unreadable.push(...read.unreadable);
    for (const each of read.items) add(objects, unreadable, reading, { seriesMasterId: id, ...each });
  }
  return {
    isFull: false,
    objects: [...objects.values()],
    removed: [...removed].filter((ref) => !objects.has(ref)),
    state: stateOf(found.deltaLink),
    unreadable,
  };
}

/** All but texts. */
const fields = [
  "id",
  "type",
  "seriesMasterId",
  "iCalUId",
  "transactionId",
  "subject",
  "isAllDay",
  "isCancelled",
  "showAs",
  "responseStatus",
  "start",
  "end",
].join(",");

/** Null: it is gone. */
async function readEvent({ graph, login, signal }: Reading, id: string): Promise<Item | null> {
  const request = { signal, accept: gone };
  const { json } = await graph.ask(login, `/me/events${pathOf(id)}?$select=${fields}`, request);
  return item.safeParse(json).data ?? null;
}

function add(
  objects: Map<string, BusyObject>,
  unreadable: string[],
  { calendar: { timezone: calendarZone }, reach }: Reading,
  event: Item,
): void {
  const { busy, faults } = busyTimeOfMicrosoft(event, { ...reach, calendarZone });
  const ref = refOf(event);
  objects.set(ref, {
    ref,
    etag: event["@odata.etag"] ?? null,
    uid: uidOfMicrosoft(uids.parse(event)),
    busy: busy.map(({ uid: _, ...interval }) => interval),
  });
  unreadable.push(...faults.map(({ uid }) => uid ?? event.id));
}

function readItems(items: readonly unknown[]): { items: Item[]; unreadable: string[] } {
  const read = items.flatMap((each) => item.safeParse(each).data ?? []);
  const unreadable = read.length < items.length ? ["(no id)"] : [];
  // What is reported twice is as it was reported last.
  return { items: [...new Map(read.map((each) => [each.id, each])).values()], unreadable };
}

interface KnownRefs {
  /** Of series, their occurrences. */
  occurrences: Map<string, string[]>;
  /** Of the id of an occurrence, its series. */
  seriesOf: Map<string, string>;
}

function knownRefs({ etags }: KnownCalendar): KnownRefs {
  const occurrences = new Map<string, string[]>();
  const seriesOf = new Map<string, string>();
  for (const ref of etags.keys()) {
    const [series = "", id] = ref.split(separator);
    if (id === undefined) continue;
    seriesOf.set(id, series);
    occurrences.set(series, [...(occurrences.get(series) ?? []), ref]);
  }
  return { occurrences, seriesOf };
}

/** Ids do not contain it. */
const separator = " ";

function refOf({ id, seriesMasterId }: Item): string {
  return seriesMasterId ? `${seriesMasterId}${separator}${id}` : id;
}

function isSeries({ type }: Item): boolean {
  return type === "seriesMaster";
}

function isRemoved(each: Item): boolean {
  return each["@removed"] !== undefined;
}

/** An occurrence without what it shares with its series. */
function isBare({ showAs }: Item): boolean {
  return showAs === undefined || showAs === null;
}

/** A change may be reported by what has changed alone. */
function isWhole(each: Item): boolean {
  return Boolean(each.start && each.end) && !isBare(each);
}

function withoutNulls(each: Item): Item {
  return item.parse(Object.fromEntries(Object.entries(each).filter(([, value]) => value !== null)));
}

function rangeOf({ reach: { from, until } }: Reading): URLSearchParams {
  return new URLSearchParams({ startDateTime: formatInstant(from), endDateTime: formatInstant(until) });
}

function stateOf(deltaLink: string | null): { deltaLink: string } | null {
  return deltaLink === null ? null : { deltaLink };
}
