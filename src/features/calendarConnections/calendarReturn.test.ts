import { expect, test } from "vitest";
import { calendarReturns } from "#rules/calendarSignIn.ts";
import { returnOf } from "./calendarReturn.ts";

const of = (query: string) => returnOf(new URLSearchParams(query));

test("each way in which a sign-in at a vendor ends has a sentence", () => {
  for (const result of calendarReturns) {
    const isDone = result === "connected" || result === "renewed";
    expect(of(`calendars=${result}&vendor=google&missing=events`)).toEqual({
      sentence: expect.any(String),
      isDone,
    });
  }
  expect(of("calendars=connected&vendor=microsoft")?.sentence).toBe("Microsoft 365 is connected.");
});

test("what was not allowed is named as the vendor names it", () => {
  expect(of("calendars=permissions&vendor=google&missing=list+events")?.sentence).toBe(
    "Nothing was connected, because you didn’t allow “See the list of Google calendars you’re subscribed to” and “View and edit events on all your calendars”. Try again, and tick every box at Google.",
  );
});

test("any other query says nothing, and no text of an address is shown", () => {
  for (const query of [
    "",
    "calendars=connected",
    "vendor=google",
    "calendars=<b>&vendor=google",
    "calendars=denied&vendor=evil",
    "calendars=permissions&vendor=google&missing=Call+us+at+1234",
  ])
    expect(of(query)).toBeNull();
});
