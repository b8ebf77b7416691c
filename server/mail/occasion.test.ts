import { expect, it } from "vitest";
import { fromDate, parseInstant } from "#scheduling/units.ts";
import { occasionOf, timeOfId } from "./occasion.ts";

it("an occasion's key begins with its month in UTC", () => {
  expect(occasionOf(parseInstant("2026-12-01T00:30:00+05:30"), "booking_event", 7)).toBe(
    "2026-11:booking_event:7",
  );
});

it("an id tells when it was made: the example of RFC 9562, A.6", () => {
  expect(timeOfId("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")).toBe(
    fromDate(new Date("2022-02-22T19:22:22.000Z")),
  );
});
