import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asMinutes, epochMs, HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { type OfferedTime, offerMs, offerNight, offerTerms } from "./waitlist.ts";

const at = (instant: string) => epochMs(Date.parse(instant));
const offer = (offered: string, starts: string, others: Partial<OfferedTime> = {}) => {
  const terms = offerTerms({
    offeredAt: at(offered),
    startsAt: at(starts),
    cancelCutoff: asMinutes(60),
    minimumNotice: asMinutes(0),
    timezone: "Asia/Kolkata",
    ...others,
  });
  return terms && [new Date(terms.expiresAt).toISOString(), terms.isFinal];
};

describe("an offer from the waitlist is open", () => {
  it("two hours by day, half an hour when the session is near", () => {
    expect(offer("2026-12-01T06:00:00Z", "2026-12-05T06:00:00Z")).toEqual([
      "2026-12-01T08:00:00.000Z",
      false,
    ]);
    expect(offer("2026-12-01T06:00:00Z", "2026-12-01T12:00:00Z")).toEqual([
      "2026-12-01T06:30:00.000Z",
      false,
    ]);
  });

  it("in the morning for what it has left of the evening", () => {
    // 21:30 in Kolkata: half an hour, and an hour and a half from 08:00.
    expect(offer("2026-12-01T16:00:00Z", "2026-12-05T06:00:00Z")).toEqual([
      "2026-12-02T04:00:00.000Z",
      false,
    ]);
    expect(offer("2026-12-01T20:00:00Z", "2026-12-05T06:00:00Z")).toEqual([
      "2026-12-02T04:30:00.000Z",
      false,
    ]);
  });

  it("until the session can no longer be cancelled", () => {
    expect(offer("2026-12-01T06:00:00Z", "2026-12-01T07:20:00Z")).toEqual([
      "2026-12-01T06:20:00.000Z",
      false,
    ]);
  });

  it("after that with the warning that it is final, until the mentor's notice begins", () => {
    expect(offer("2026-12-01T06:00:00Z", "2026-12-01T07:05:00Z")).toEqual(["2026-12-01T06:30:00.000Z", true]);
    const notice = { minimumNotice: asMinutes(45) };
    expect(offer("2026-12-01T06:00:00Z", "2026-12-01T07:05:00Z", notice)).toEqual([
      "2026-12-01T06:20:00.000Z",
      true,
    ]);
  });

  it("not at all with less than ten minutes", () => {
    expect(offer("2026-12-01T06:00:00Z", "2026-12-01T06:09:59Z")).toBeNull();
    expect(
      offer("2026-12-01T06:00:00Z", "2026-12-01T08:00:00Z", { minimumNotice: asMinutes(111) }),
    ).toBeNull();
  });

  it("for as long as was said, by a count of the minutes awake, in any zone", () => {
    const zone = fc.constantFrom("Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
    const minute = fc
      .integer({ min: at("2026-01-01T00:00:00Z") / MINUTE_MS, max: at("2027-12-31T00:00:00Z") / MINUTE_MS })
      .map((minutes) => epochMs(minutes * MINUTE_MS));
    const length = fc.integer({ min: 0, max: 4320 }).map(asMinutes);
    fc.assert(
      fc.property(zone, minute, length, length, length, (timezone, offeredAt, until, cutoff, notice) => {
        const startsAt = epochMs(offeredAt + until * MINUTE_MS);
        const terms = offerTerms({
          offeredAt,
          startsAt,
          cancelCutoff: cutoff,
          minimumNotice: notice,
          timezone,
        });
        const noticeFrom = startsAt - notice * MINUTE_MS;
        if (!terms) {
          const canCancel = startsAt - cutoff * MINUTE_MS >= offeredAt + offerMs.least;
          expect(noticeFrom < offeredAt + offerMs.least || (canCancel && noticeFrom < offeredAt)).toBe(true);
          return;
        }
        const { expiresAt, isFinal } = terms;
        expect(expiresAt).toBeGreaterThanOrEqual(offeredAt + offerMs.least);
        expect(expiresAt).toBeLessThanOrEqual(noticeFrom);
        if (!isFinal) expect(expiresAt).toBeLessThanOrEqual(startsAt - cutoff * MINUTE_MS);
        let awake = 0;
        for (let now = offeredAt; now < expiresAt; now = epochMs(now + MINUTE_MS)) {
          const { time } = wallClockOf(timezone, now);
          if (time >= offerNight.until && time < offerNight.from) awake += MINUTE_MS;
        }
        const length = until * MINUTE_MS <= offerMs.soonWithin ? offerMs.soon : offerMs.usual;
        expect(awake).toBeLessThanOrEqual(length);
        const isCut = expiresAt === noticeFrom || (!isFinal && expiresAt === startsAt - cutoff * MINUTE_MS);
        if (!isCut) expect(awake).toBe(length);
      }),
      { numRuns: 2_000 },
    );
  });

  it("longer than a person is asked to hurry: the least is less than each length", () => {
    expect(offerMs.least).toBeLessThan(offerMs.soon);
    expect(offerMs.usual).toBeLessThan(14 * HOUR_MS);
  });
});
