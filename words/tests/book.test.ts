import { describe, expect, it } from "vitest";
import { wordsIn } from "#words/languages.ts";

const { book, bookDetails, rebook } = wordsIn("en");

describe("what costs nothing", () => {
  it("is called free instead of having a price", () => {
    expect(bookDetails.detailsStep.addRecording("₹500")).toBe("Add a recording for ₹500");
    expect(bookDetails.detailsStep.addRecording(null)).toBe("Add a free recording");
    expect(rebook.rebook.book("₹2,000")).toBe("Book for ₹2,000");
    expect(rebook.rebook.book(null)).toBe("Book for free");
    expect(rebook.rebook.request("₹2,000")).toBe("Send request for ₹2,000");
    expect(rebook.rebook.request(null)).toBe("Send request");
  });
});

describe("the name of a day's button", () => {
  const day = { date: "Tuesday, 24 November", isToday: false, isSelected: false };

  it.each([
    [0, "Tuesday, 24 November, no times available"],
    [1, "Tuesday, 24 November, 1 time available"],
    [12, "Tuesday, 24 November, 12 times available"],
    ["loading", "Tuesday, 24 November, loading times"],
    ["failed", "Tuesday, 24 November, times unknown"],
    ["outside", "Tuesday, 24 November, not bookable"],
  ] as const)("with %s", (times, name) => {
    expect(book.monthCalendar.day({ ...day, times })).toBe(name);
  });

  it("includes today and the selected day", () => {
    expect(book.monthCalendar.day({ ...day, times: 3, isToday: true, isSelected: true })).toBe(
      "Tuesday, 24 November, 3 times available, today, selected",
    );
  });
});

it("announces how many days of a month are available", () => {
  const { loaded } = book.monthCalendar;
  expect([0, 1, 5].map((days) => loaded("December 2026", days))).toEqual([
    "December 2026: no available days",
    "December 2026: 1 available day",
    "December 2026: 5 available days",
  ]);
});

describe("the note on requests", () => {
  it("states whose approval is needed and until when the time is held", () => {
    expect(book.requestNotes.approve("Asha")).toBe(
      "This is a request: Asha replies within 48 h, or before the session starts if that’s sooner. The time is held for you until then.",
    );
    expect(book.requestNotes.approve_first("Asha")).toBe(
      "Your first session with Asha is a request: Asha replies within 48 h, or before the session starts if that’s sooner. The time is held for you until then. Later sessions are confirmed instantly.",
    );
  });
});
