import type { Mentor } from "#contract/mentors.ts";
import { asMinutes, type EpochMs, formatInstant, MINUTE_MS, parseInstant } from "#scheduling/units.ts";
import { bookTogether } from "#words/baskets.ts";
import { sessionLength } from "#words/durations.ts";
import { type Choice, choiceIn } from "@/features/book/bookingStep.ts";

/** One of several sessions that are booked at once. */
export type TogetherSession = { choice: Choice; startsAt: EpochMs };

type Chosen = Pick<TogetherSession, "choice">;

/** Times of the basket as the address keeps them, with spaces between them. */
export function writeSlots(slots: readonly TogetherSession[]): string {
  return slots.map(writeSlot).join(" ");
}

/** Start, minutes and service. */
export function writeSlot({ choice, startsAt }: TogetherSession): string {
  return [formatInstant(startsAt), choice.minutes, choice.service.id].join(",");
}

/** The times of an address that can still be booked, earliest first, each once. @param now epoch ms */
export function readSlots(also: string, mentor: Pick<Mentor, "services">, now: number): TogetherSession[] {
  const slots = also.split(" ").flatMap((text): TogetherSession[] => {
    const [start = "", minutes, serviceId = ""] = text.split(",");
    const choice = choiceIn(mentor, { serviceId, minutes: asMinutes(Number(minutes)) });
    if (!choice || !(Date.parse(start) > now)) return [];
    return [{ choice, startsAt: parseInstant(start) }];
  });
  const unique = new Map(slots.map((slot) => [slot.startsAt, slot]));
  return inOrder([...unique.values()]);
}

export function inOrder(sessions: readonly TogetherSession[]): TogetherSession[] {
  return sessions.toSorted((one, other) => one.startsAt - other.startsAt);
}

/** Whether both are of one service and length. */
export function isSameKind({ choice: one }: Chosen, { choice: other }: Chosen): boolean {
  return one.service.id === other.service.id && one.minutes === other.minutes;
}

export function isSameSlot(one: TogetherSession, other: TogetherSession): boolean {
  return one.startsAt === other.startsAt && isSameKind(one, other);
}

/** "CV review, 60 min": named where a basket has several kinds. */
export function whatOf({ choice: { service, minutes } }: Chosen): string {
  return bookTogether.what({ service: service.title, length: sessionLength(minutes) });
}

/** The first of the sessions that takes place at the same time. */
export function overlapOf(
  sessions: readonly TogetherSession[],
  { startsAt, choice }: TogetherSession,
): TogetherSession | undefined {
  const endOf = (session: TogetherSession) => session.startsAt + session.choice.minutes * MINUTE_MS;
  return sessions.find((other) => other.startsAt < endOf({ startsAt, choice }) && startsAt < endOf(other));
}
