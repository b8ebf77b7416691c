import type { Mentor } from "#contract/mentors.ts";
import type { Service } from "#contract/services.ts";
import type { Slot } from "#contract/slots.ts";
import { approvalOf } from "#rules/approval.ts";
import { parseDate } from "#scheduling/dates.ts";

export type StepName = "service" | "time" | "details" | "account";

/** A service in one of its lengths, with the price as the mentor's profile says it. */
export type Choice = { service: Service; minutes: number; price: number };

/** A free start with the viewer-local date it is listed under. */
export type FreeSlot = Slot & { date: string };

/** What takes the place of the free times: asking for another time, or waiting for one on a day without any. */
export type Aside = { name: "ask" } | { name: "wait"; day: string | null };

/** Where somebody is in a booking. What was chosen comes along; what was typed lives in the draft. */
export type BookingStep =
  | { name: "service"; choice: Choice | null }
  | { name: "time"; choice: Choice; startsAt: string | null; aside: Aside | null }
  | { name: "details"; choice: Choice; startsAt: string }
  | { name: "account"; choice: Choice; startsAt: string }
  | { name: "submitting"; choice: Choice; startsAt: string };

/**
 * The same as the address says it: `?book=time&service=…&minutes=60&at=2026-11-24T08:30:00Z`, and with `aside=ask` or
 * `aside=wait&day=2026-11-24` what is shown in place of the times.
 */
export type AskedStep = {
  name: StepName;
  serviceId: string | null;
  minutes: number | null;
  startsAt: string | null;
  aside: Aside | null;
};

/** What the button that books says. */
export function submitLabel(mentor: Mentor, service: Service): string {
  // Whether it is the first session is known once it is sent.
  const labels = { instant: "Confirm booking", first_asks: "Book session", asks: "Send request" } as const;
  return labels[approvalOf(mentor, service)];
}

const names: readonly string[] = ["service", "time", "details", "account"] satisfies StepName[];

/** null: no booking is under way at this address. */
export function readAskedStep(search: URLSearchParams): AskedStep | null {
  const name = search.get("book");
  if (name === null) return null;
  const startsAt = search.get("at");
  const minutes = Number(search.get("minutes"));
  return {
    name: names.includes(name) ? (name as StepName) : "service",
    serviceId: search.get("service"),
    minutes: Number.isInteger(minutes) && minutes > 0 ? minutes : null,
    startsAt: startsAt && !Number.isNaN(Date.parse(startsAt)) ? startsAt : null,
    aside: name === "time" ? readAside(search) : null,
  };
}

function readAside(search: URLSearchParams): Aside | null {
  const name = search.get("aside");
  if (name === "ask") return { name };
  if (name !== "wait") return null;
  const day = search.get("day") ?? "";
  return { name, day: parseDate(day) === null ? null : day };
}

/** The furthest step an address has all parts for: an old or edited link is no error, it starts earlier. */
export function stepOf(asked: AskedStep, mentor: Mentor, now: Date, isSubmitting: boolean): BookingStep {
  const choice = choiceOf(asked, mentor);
  if (!choice || asked.name === "service") return { name: "service", choice };
  const startsAt = asked.startsAt && Date.parse(asked.startsAt) > now.getTime() ? asked.startsAt : null;
  if (!startsAt || asked.name === "time") return { name: "time", choice, startsAt, aside: asked.aside };
  if (isSubmitting) return { name: "submitting", choice, startsAt };
  return { name: asked.name, choice, startsAt };
}

export function bookableServices(mentor: Pick<Mentor, "services">): Service[] {
  return mentor.services.filter((service) => service.enabled);
}

export function priceOf(choice: Choice, addRecording: boolean): number {
  return choice.price + (addRecording ? (choice.service.recording_price ?? 0) : 0);
}

/** A service in a length as the mentor offers it now; null when he does not. */
export function choiceIn(
  mentor: Pick<Mentor, "services">,
  { serviceId, minutes }: Pick<AskedStep, "serviceId" | "minutes">,
): Choice | null {
  const service = bookableServices(mentor).find(({ id }) => id === serviceId);
  const duration = service?.durations.find((each) => each.minutes === minutes);
  return service && duration ? { service, ...duration } : null;
}

function choiceOf(asked: AskedStep, mentor: Mentor): Choice | null {
  const choice = choiceIn(mentor, asked);
  // What was chosen and is no longer on offer is not silently another one.
  if (choice || asked.serviceId !== null) return choice;
  const services = bookableServices(mentor);
  // Where there is nothing to choose, it is chosen.
  const [only, ...others] = services.flatMap((each) =>
    each.durations.map((each_) => ({ service: each, ...each_ })),
  );
  return only && others.length === 0 ? only : null;
}
