import { describe, expect, it } from "vitest";
import type { WaitlistEntry, WaitlistOffer } from "#contract/waitlist.ts";
import { asMinutes } from "#scheduling/units.ts";
import { entryFor, spansNight, splitWaiting } from "./waitlistState.ts";

const now = Date.parse("2026-11-24T10:00:00Z");

function offer(change: Partial<WaitlistOffer> = {}): WaitlistOffer {
  return {
    id: "offer",
    state: "open",
    starts_at: "2026-11-27T10:00:00.000Z",
    ends_at: "2026-11-27T11:00:00.000Z",
    offered_at: "2026-11-24T09:00:00.000Z",
    expires_at: "2026-11-24T11:00:00.000Z",
    paused_until: null,
    is_final: false,
    booking_id: null,
    ...change,
  };
}

function entry(change: Partial<WaitlistEntry> = {}): WaitlistEntry {
  return {
    id: "entry",
    expert_id: "mentor",
    service_id: "service",
    service_title: "CV review",
    session_type: "oneOnOneSession",
    duration: asMinutes(60),
    kind: "slot",
    starts_at: "2026-11-27T10:00:00.000Z",
    group_session_id: null,
    from: null,
    to: null,
    timezone: "Asia/Kolkata",
    state: "waiting",
    position: 1,
    joined_at: "2026-11-23T09:00:00.000Z",
    offer: null,
    mentor: { id: "mentor", username: "asha", full_name: "Asha Rao", headline: "" },
    ...change,
  };
}

describe("what a person waits for", () => {
  it("is offered while the countdown runs, and while it is being paid", () => {
    const running = entry({ state: "offered", position: null, offer: offer() });
    const over = offer({ expires_at: "2026-11-24T10:00:00.000Z" });
    expect(splitWaiting([running], now).offered).toEqual([running]);
    const late = entry({ state: "offered", position: null, offer: over });
    expect(splitWaiting([late], now)).toEqual({ offered: [], queued: [], ended: [late] });
    const paying = { ...late, offer: { ...over, booking_id: "booking" } };
    expect(splitWaiting([paying], now)).toEqual({ offered: [paying], queued: [], ended: [] });
  });

  it("lists the offer that ends first on top, and queues in the order in which they were joined", () => {
    const later = entry({
      id: "later",
      state: "offered",
      offer: offer({ expires_at: "2026-11-24T12:00:00Z" }),
    });
    const sooner = entry({ id: "sooner", state: "offered", offer: offer() });
    const first = entry({ id: "first", joined_at: "2026-11-20T09:00:00.000Z" });
    const second = entry({ id: "second" });
    const { offered, queued } = splitWaiting([later, second, sooner, first], now);
    expect(offered.map(({ id }) => id)).toEqual(["sooner", "later"]);
    expect(queued.map(({ id }) => id)).toEqual(["first", "second"]);
  });

  it("tells of what ended by itself for a day, and not of what the person did", () => {
    const lapsed = entry({ state: "expired", offer: offer({ state: "lapsed" }) });
    const old = entry({ state: "expired", offer: offer({ expires_at: "2026-11-22T09:00:00.000Z" }) });
    const left = entry({ state: "left" });
    const taken = entry({ state: "accepted", offer: offer({ state: "accepted" }) });
    expect(splitWaiting([lapsed, old, left, taken], now).ended).toEqual([lapsed]);
  });
});

describe("the countdown", () => {
  it("spans a night when it is longer than one in the day can be", () => {
    expect(spansNight(offer())).toBe(false);
    // The database and the app do not say "now" in the same millisecond.
    expect(spansNight(offer({ expires_at: "2026-11-24T11:00:00.003Z" }))).toBe(false);
    expect(spansNight(offer({ expires_at: "2026-11-25T03:00:00.000Z" }))).toBe(true);
  });
});

describe("the place in the queue for something", () => {
  const of = { service_id: "service", duration: asMinutes(60), timezone: "Asia/Kolkata" };
  const slot = { kind: "slot", ...of, starts_at: "2026-11-27T10:00:00Z" } as const;

  it("is that of the same time, days or group session", () => {
    const mine = entry();
    expect(entryFor([mine], slot)).toBe(mine);
    expect(entryFor([mine], { ...slot, starts_at: "2026-11-27T11:00:00Z" })).toBeUndefined();
    expect(entryFor([mine], { ...slot, duration: asMinutes(30) })).toBeUndefined();
    const days = entry({ kind: "days", starts_at: null, from: "2026-11-27", to: "2026-11-28" } as never);
    expect(entryFor([mine, days], { kind: "days", ...of, from: "2026-11-27", to: "2026-11-28" })).toBe(days);
    expect(
      entryFor([mine, days], { kind: "days", ...of, from: "2026-11-27", to: "2026-11-29" }),
    ).toBeUndefined();
    const group = entry({ kind: "group", group_session_id: "group" });
    expect(entryFor([mine, group], { kind: "group", group_session_id: "group", timezone: "UTC" })).toBe(
      group,
    );
  });

  it("is none once it has ended", () => {
    expect(entryFor([entry({ state: "left" })], slot)).toBeUndefined();
  });
});
