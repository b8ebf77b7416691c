import { expect, it } from "vitest";
import type { Mentor } from "#contract/mentors.ts";
import { decimalOf } from "#rules/money.ts";
import { addMs, asMinutes, MINUTE_MS, parseInstant } from "#scheduling/units.ts";
import { choiceIn } from "@/features/book/bookingStep.ts";
import { isSameSlot, overlapOf, readSlots, whatOf, writeSlot, writeSlots } from "./basketSlots.ts";
import { togetherPrice } from "./togetherPrice.ts";

const mentor = {
  services: [
    {
      id: "s1",
      title: "Review",
      enabled: true,
      currency: "INR",
      recording_price: 250,
      durations: [
        { minutes: asMinutes(30), price: 900 },
        { minutes: asMinutes(60), price: 1600 },
      ],
    },
    {
      id: "s2",
      title: "Chat",
      enabled: true,
      currency: "INR",
      recording_price: null,
      durations: [{ minutes: asMinutes(15), price: 199.5 }],
    },
  ],
} as unknown as Mentor;

function slot(start: string, serviceId = "s1", minutes = 60) {
  return {
    startsAt: parseInstant(start),
    choice: choiceIn(mentor, { serviceId, minutes: asMinutes(minutes) })!,
  };
}

const monday = slot("2026-12-07T10:00:00Z");
const tuesday = slot("2026-12-08T10:00:00Z", "s2", 15);
const now = Date.parse("2026-12-07T09:00:00Z");

it("the address keeps a basket; what can no longer be booked, or is no time, is left out", () => {
  const also = writeSlots([tuesday, monday, monday]);
  expect(readSlots(also, mentor, now)).toEqual([monday, tuesday]);
  expect(readSlots(also, mentor, monday.startsAt)).toEqual([tuesday]);
  const odd = ["", "x,60,s1", writeSlot(monday).replace("s1", "s3"), writeSlot(monday).replace("60,", "45,")];
  expect(readSlots(odd.join(" "), mentor, now)).toEqual([]);
});

it("two times overlap if one begins before the other ends", () => {
  const at = (minutes: number) => ({ ...monday, startsAt: addMs(monday.startsAt, minutes * MINUTE_MS) });
  expect(overlapOf([monday], at(59))).toBe(monday);
  expect(overlapOf([monday], at(-59))).toBe(monday);
  expect(overlapOf([monday], at(60))).toBeUndefined();
  expect(overlapOf([monday], at(-60))).toBeUndefined();
});

it("a time is on the list if its service and length are, too", () => {
  expect(isSameSlot(monday, slot("2026-12-07T10:00:00Z"))).toBe(true);
  expect(isSameSlot(monday, slot("2026-12-07T10:00:00Z", "s1", 30))).toBe(false);
  expect(isSameSlot(monday, { ...tuesday, startsAt: monday.startsAt })).toBe(false);
  expect(whatOf(tuesday)).toBe("Chat, 15 min");
});

it("a price adds up: the same sessions in one line, recordings where there are any, a package for the sessions alone", () => {
  const priceOf = (wanted: Parameters<typeof togetherPrice>[1]) => {
    const { lines, total } = togetherPrice([monday, monday, tuesday], wanted);
    return [...lines.map(({ label, amount }) => [label, decimalOf(amount)]), decimalOf(total)];
  };
  expect(priceOf({ addRecording: false })).toEqual([
    ["2 × Review, 60 min", 3200],
    ["1 × Chat, 15 min", 199.5],
    3399.5,
  ]);
  expect(priceOf({ addRecording: true, withCredits: true })).toEqual([
    ["2 × Review, 60 min", 3200],
    ["1 × Chat, 15 min", 199.5],
    ["3 × paid with your package", -3399.5],
    ["2 × recording", 500],
    500,
  ]);
});
