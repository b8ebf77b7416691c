import { expect, test } from "vitest";
import { calendarReturns } from "#rules/calendarSignIn.ts";
import { returnOf } from "./calendarReturn.ts";

const of = (query: string) => returnOf(new URLSearchParams(query));

test("each way in which a sign-in at a vendor ends has a sentence", () => {
  for (const result of calendarReturns) {
    const tone = ["connected", "renewed", "writable"].includes(result)
      ? "good"
      : ["read_only", "kept"].includes(result)
        ? "warning"
        : "bad";
    expect(of(`calendars=${result}&vendor=google&missing=write`)).toEqual({
      sentence: expect.any(String),
      tone,
    });
  }
  expect(of("calendars=connected&vendor=microsoft")?.sentence).toBe("Microsoft 365 is connected.");
});

test("what was not allowed is named as the vendor names it", () => {
  expect(of("calendars=permissions&vendor=google&missing=read+write")?.sentence).toBe(
    "Nothing was connected, because you didn’t allow “See and download any calendar you can access using your Google Calendar” and “View and edit events on all your calendars”. Try again, and tick every box at Google.",
  );
});

test("what works read only says what was not allowed, and that busy times are read", () => {
  expect(of("calendars=read_only&vendor=google&missing=write")?.sentence).toBe(
    "Google is connected, but your sessions can’t be written there, because you didn’t allow “View and edit events on all your calendars”. Your busy times are read.",
  );
});

test("any other query says nothing, and no text of an address is shown", () => {
  for (const query of [
    "",
    "calendars=connected",
    "vendor=google",
    "calendars=<b>&vendor=google",
    "calendars=denied&vendor=evil",
    "calendars=read_only&vendor=google&missing=events",
    "calendars=permissions&vendor=google&missing=Call+us+at+1234",
  ])
    expect(of(query)).toBeNull();
});
