import type { Mentor } from "#contract/mentors.ts";
import type { Service } from "#contract/services.ts";
import type { Slot } from "#contract/slots.ts";
import type { Money } from "#rules/money.ts";
import { type PricedService, pricesOf } from "#rules/price.ts";
import { readDate } from "#scheduling/dates.ts";
import { asMinutes, type EpochMs, epochMs, type LocalDate, type Minutes } from "#scheduling/units.ts";

export type StepName = "service" | "time" | "details" | "account";

/** A service in one of its lengths, with its prices on the mentor's profile. */
export type Choice = { service: Service; minutes: Minutes; price: Money; prices: PricedService };

/** An available start with the viewer-local date it is listed under. */
export type FreeSlot = Omit<Slot, "starts_at"> & { startsAt: EpochMs; date: LocalDate };

/** What replaces the times: a form that requests another time, or one that waits for one. */
type TimeAside = { name: "ask" } | { name: "wait"; day: LocalDate | null };

/** Several sessions that are booked at once: those of a series, or the times in a basket. Their steps are other ones. */
export type Together = { name: "series" } | { name: "basket" };

export type Aside = TimeAside | Together;

/** The current step of a booking with all that is chosen so far. What is typed is in the draft. */
export type BookingStep =
  | { name: "service"; choice: Choice | null }
  | {
      name: "time";
      choice: Choice;
      startsAt: EpochMs | null;
      aside: TimeAside | null;
      also: string;
    }
  | TogetherStep
  | { name: "details"; choice: Choice; startsAt: EpochMs }
  | { name: "account"; choice: Choice; startsAt: EpochMs }
  | { name: "submitting"; choice: Choice; startsAt: EpochMs };

export type TogetherStep = {
  name: "together";
  kind: Together["name"];
  part: StepName;
  choice: Choice;
  /** The first session of a series; in a basket the time that was chosen last. */
  startsAt: EpochMs | null;
  also: string;
};

/**
 * The step that an address requests: `?book=time&service=…&minutes=60&at=2026-11-24T08:30:00Z`, with `aside=ask` or
 * `aside=wait&day=2026-11-24` for what replaces the times, `aside=series` or `aside=basket` for several sessions, and `also=…` for
 * the other times in the basket (src/features/baskets/basketSlots.ts).
 */
export type RequestedStep = {
  name: StepName;
  serviceId: string | null;
  minutes: Minutes | null;
  startsAt: EpochMs | null;
  aside: Aside | null;
  also: string;
};

const names: readonly string[] = ["service", "time", "details", "account"] satisfies StepName[];

/** null: the address opens no booking. */
export function readRequestedStep(search: URLSearchParams): RequestedStep | null {
  const name = search.get("book");
  if (name === null) return null;
  const minutes = Number(search.get("minutes"));
  return {
    name: names.includes(name) ? (name as StepName) : "service",
    serviceId: search.get("service"),
    minutes: Number.isInteger(minutes) && minutes > 0 ? asMinutes(minutes) : null,
    startsAt: readInstant(search.get("at")),
    aside: readAside(search),
    also: search.get("also") ?? "",
  };
}

function readInstant(text: string | null): EpochMs | null {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? null : epochMs(at);
}

function readAside(search: URLSearchParams): Aside | null {
  const name = search.get("aside");
  if (name === "series" || name === "basket") return { name };
  if (search.get("book") !== "time") return null;
  if (name === "ask") return { name };
  if (name !== "wait") return null;
  return { name, day: readDate(search.get("day") ?? "") };
}

/** The furthest step for which the address has all parts: an outdated or edited link starts at an earlier step. */
export function stepOf(
  requested: RequestedStep,
  mentor: Mentor,
  now: Date,
  isSubmitting: boolean,
): BookingStep {
  const choice = choiceOf(requested, mentor);
  if (!choice || requested.name === "service") return { name: "service", choice };
  // A group session can be joined for some time after its start; its times say until when.
  const isAhead = choice.service.capacity > 1 || (requested.startsAt ?? 0) > now.getTime();
  const startsAt = isAhead ? requested.startsAt : null;
  const { aside, also } = requested;
  if (aside?.name === "basket" || (aside?.name === "series" && startsAt))
    return { name: "together", kind: aside.name, part: requested.name, choice, startsAt, also };
  if (!startsAt || requested.name === "time")
    return { name: "time", choice, startsAt, aside: aside?.name === "series" ? null : aside, also };
  if (isSubmitting) return { name: "submitting", choice, startsAt };
  return { name: requested.name, choice, startsAt };
}

export function bookableServices(mentor: Pick<Mentor, "services">): Service[] {
  return mentor.services.filter((service) => service.enabled);
}

/** A service in a length as it is offered now; null when it is not. */
export function choiceIn(
  mentor: Pick<Mentor, "services">,
  { serviceId, minutes }: Pick<RequestedStep, "serviceId" | "minutes">,
): Choice | null {
  const service = bookableServices(mentor).find(({ id }) => id === serviceId);
  return (service && choicesOf(service).find((each) => each.minutes === minutes)) ?? null;
}

function choiceOf(requested: RequestedStep, mentor: Mentor): Choice | null {
  const choice = choiceIn(mentor, requested);
  // A service that is no longer offered must not silently become another one.
  if (choice || requested.serviceId !== null) return choice;
  const services = bookableServices(mentor);
  // The only option is chosen automatically.
  const [only, ...others] = services.flatMap(choicesOf);
  return only && others.length === 0 ? only : null;
}

/** A service in each of its lengths. */
export function choicesOf(service: Service): Choice[] {
  const prices = pricesOf(service);
  return prices.durations.map(({ minutes, price }) => ({ service, minutes, price, prices }));
}
