import { describe, expect, it } from "vitest";
import type { Mentor } from "#contract/mentors.ts";
import type { Service } from "#contract/services.ts";
import { moneyOf } from "#rules/money.ts";
import { asMinutes, parseInstant } from "#scheduling/units.ts";
import { type Choice, choicesOf, readRequestedStep, stepOf } from "./bookingStep.ts";
import { agreedTotalOf, totalOf } from "./totals.ts";

const now = new Date("2026-11-22T09:00:00Z");
const at = "2026-11-24T08:30:00Z";

function service(id: string, more: Partial<Service> = {}): Service {
  return {
    id,
    expert_id: "m1",
    session_type: "oneOnOneSession",
    title: "Mock interview",
    description: "",
    durations: [
      { minutes: asMinutes(30), price: 1200 },
      { minutes: asMinutes(60), price: 2000 },
    ],
    currency: "INR",
    capacity: 1,
    recording_price: 500,
    enabled: true,
    instant_confirm: null,
    opens_by_booking: true,
    min_attendees: 1,
    decide_minutes: asMinutes(1440),
    late_join_minutes: asMinutes(0),
    cancel_cutoff: asMinutes(0),
    reschedule_cutoff: asMinutes(0),
    refund_full_cutoff: asMinutes(1440),
    refund_partial_cutoff: asMinutes(120),
    refund_partial_percent: 50,
    ...more,
  };
}

function stepAt(
  search: string,
  services = [service("s1"), service("s2", { enabled: false })],
  isSubmitting = false,
) {
  const requested = readRequestedStep(new URLSearchParams(search));
  return requested && stepOf(requested, { services } as Mentor, now, isSubmitting);
}

describe("the step of an address", () => {
  it("is none without ?book=", () => {
    expect(stepAt("service=s1&minutes=60")).toBeNull();
  });

  it("is the requested one when all its parts are given", () => {
    const all = `service=s1&minutes=60&at=${at}`;
    expect(stepAt(`book=service&${all}`)).toMatchObject({
      name: "service",
      choice: { minutes: asMinutes(60), price: moneyOf(2000, "INR") },
    });
    expect(stepAt(`book=time&${all}`)).toMatchObject({ name: "time", startsAt: parseInstant(at) });
    expect(stepAt(`book=details&${all}`)).toMatchObject({ name: "details", startsAt: parseInstant(at) });
    expect(stepAt(`book=details&${all}`, undefined, true)).toMatchObject({ name: "submitting" });
  });

  it("is an earlier one when a part is missing, past, unknown or no longer offered", () => {
    expect(stepAt(`book=details&at=${at}`)).toEqual({ name: "service", choice: null });
    expect(stepAt(`book=details&service=s2&minutes=60&at=${at}`)).toMatchObject({ name: "service" });
    expect(stepAt(`book=details&service=s1&minutes=45&at=${at}`)).toMatchObject({ name: "service" });
    expect(stepAt("book=details&service=s1&minutes=60")).toMatchObject({ name: "time", startsAt: null });
    expect(stepAt("book=details&service=s1&minutes=60&at=2026-11-22T08:59:00Z")).toMatchObject({
      name: "time",
    });
    expect(stepAt("book=details&service=s1&minutes=60&at=noon")).toMatchObject({
      name: "time",
      startsAt: null,
    });
    expect(stepAt("book=<script>&service=s1&minutes=60")).toMatchObject({ name: "service" });
  });

  it("is the times with an aside, which no other step has", () => {
    const all = `service=s1&minutes=60&at=${at}`;
    expect(stepAt(`book=time&aside=ask&${all}`)).toMatchObject({ name: "time", aside: { name: "ask" } });
    const wait = (day: string | null) => ({ name: "time", aside: { name: "wait", day } });
    expect(stepAt(`book=time&aside=wait&day=2026-11-24&${all}`)).toMatchObject(wait("2026-11-24"));
    expect(stepAt(`book=time&aside=wait&${all}`)).toMatchObject(wait(null));
    expect(stepAt(`book=time&aside=wait&day=2026-02-30&${all}`)).toMatchObject(wait(null));
    expect(stepAt(`book=time&aside=gone&${all}`)).toMatchObject({ name: "time", aside: null });
    expect(stepAt(`book=details&aside=ask&${all}`)).not.toHaveProperty("aside");
    expect(stepAt("book=details&aside=ask&service=s1&minutes=60")).toMatchObject({
      name: "time",
      aside: null,
    });
  });

  it("has the only service and length chosen", () => {
    const only = [service("s1", { durations: [{ minutes: asMinutes(60), price: 0 }] })];
    expect(stepAt("book=service", only)).toMatchObject({
      name: "service",
      choice: { minutes: asMinutes(60) },
    });
  });

  it("is one of several sessions: a series from a start, or a basket with the other times", () => {
    const all = `service=s1&minutes=60&at=${at}`;
    expect(stepAt(`book=time&aside=series&${all}`)).toMatchObject({
      name: "together",
      kind: "series",
      part: "time",
    });
    expect(stepAt(`book=details&aside=series&${all}`)).toMatchObject({ kind: "series", part: "details" });
    // Without a start there is nothing to repeat.
    expect(stepAt("book=details&aside=series&service=s1&minutes=60")).toMatchObject({
      name: "time",
      aside: null,
    });
    expect(stepAt("book=details&aside=basket&service=s1&minutes=60&also=a+b")).toMatchObject({
      kind: "basket",
      startsAt: null,
      also: "a b",
    });
  });
});

describe("the shown price", () => {
  it("adds the recording only where it is offered", () => {
    const [choice] = choicesOf(service("s1")).filter(({ minutes }) => minutes === 60) as [Choice];
    expect(totalOf(choice, false)).toEqual(moneyOf(2000, "INR"));
    expect(totalOf(choice, true)).toEqual(moneyOf(2500, "INR"));
    expect(agreedTotalOf(choice, { addRecording: true })).toEqual(moneyOf(2500, "INR"));
    expect(agreedTotalOf(choice, { addRecording: true, agreedTotal: "1875.5" })).toEqual(
      moneyOf(1875.5, "INR"),
    );
    const silent = { ...choice, prices: { ...choice.prices, recordingPrice: null } };
    expect(totalOf(silent, true)).toEqual(moneyOf(2000, "INR"));
  });
});
