import { type Basket, basket, type CreateBasket } from "#contract/baskets.ts";
import { type CreateSeries, type Series, series } from "#contract/series.ts";
import { DAY_MS, HOUR_MS } from "#scheduling/units.ts";
import { dateIn, readSlots } from "./booking.ts";
import type { Mentor, Person } from "./testApp.ts";

export const weekMs = 7 * DAY_MS;

/** The first service of a mentor and what several sessions of it cost. */
function priceOf(mentor: Mentor, sessions: number, duration: number): number {
  const length = mentor.services[0]?.durations.find(({ minutes }) => minutes === duration);
  return (length?.price ?? 0) * sessions;
}

/** The body of a request to book several times of the mentor's first service. */
export function basketOf(mentor: Mentor, starts: readonly number[], wishes: Partial<CreateBasket> = {}) {
  const session_type = mentor.services[0]?.session_type ?? "oneOnOneSession";
  return {
    expert_id: mentor.id,
    slots: starts.map((start) => ({ session_type, duration: 60, starts_at: new Date(start).toISOString() })),
    total_amount: priceOf(mentor, starts.length, 60),
    ...wishes,
  } satisfies CreateBasket;
}

export function seriesOf(mentor: Mentor, starts: readonly number[], wishes: Partial<CreateSeries> = {}) {
  return {
    expert_id: mentor.id,
    session_type: mentor.services[0]?.session_type ?? "oneOnOneSession",
    duration: 60,
    pattern: "weekly",
    starts: starts.map((start) => new Date(start).toISOString()),
    total_amount: priceOf(mentor, starts.length, 60),
    ...wishes,
  } satisfies CreateSeries;
}

/** The same time of several weeks from a free start on: the first free one in some days, or an hour of that day. */
export async function weeklyStarts(
  person: Person,
  mentor: Mentor,
  sessions: number,
  { days = 7, hours = 0 } = {},
): Promise<number[]> {
  const [slot] = await readSlots(person.call, mentor, { from: dateIn(mentor, days) });
  if (!slot) throw new Error("The mentor has no free start.");
  const first = Date.parse(slot.starts_at) + hours * HOUR_MS;
  return Array.from({ length: sessions }, (_, week) => first + week * weekMs);
}

/** Free starts of a few days, two hours apart or more. */
export async function startsOfDay(
  person: Person,
  mentor: Mentor,
  sessions: number,
  days = 3,
): Promise<number[]> {
  const slots = await readSlots(person.call, mentor, {
    from: dateIn(mentor, days),
    to: dateIn(mentor, days + 20),
  });
  const starts: number[] = [];
  for (const { starts_at } of slots) {
    const start = Date.parse(starts_at);
    if (start >= (starts.at(-1) ?? 0) + 2 * HOUR_MS) starts.push(start);
  }
  if (starts.length < sessions) throw new Error("The mentor has too few free starts.");
  return starts.slice(0, sessions);
}

export async function bookBasket(
  person: Person,
  mentor: Mentor,
  starts: readonly number[],
  wishes?: Partial<CreateBasket>,
): Promise<Basket> {
  return (await person.call("POST", "/baskets", basketOf(mentor, starts, wishes))).expect(201).read(basket);
}

export async function bookSeries(
  person: Person,
  mentor: Mentor,
  starts: readonly number[],
  wishes?: Partial<CreateSeries>,
): Promise<Series> {
  return (await person.call("POST", "/series", seriesOf(mentor, starts, wishes))).expect(201).read(series);
}
