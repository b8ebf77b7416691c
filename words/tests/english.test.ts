import { describe, expect, it } from "vitest";
import { moneyOf } from "#rules/money.ts";
import { refundTiers } from "#rules/refundPolicy.ts";
import { asMinutes } from "#scheduling/units.ts";
import { wordsIn } from "#words/languages.ts";

const { bookings, durations, refunds, services } = wordsIn("en");

describe("durations", () => {
  it.each([
    [0, "0 minutes"],
    [1, "1 minute"],
    [45, "45 minutes"],
    [60, "1 hour"],
    [90, "1 hour 30 minutes"],
    [120, "2 hours"],
    [1440, "24 hours"],
    [1500, "25 hours"],
    [2880, "2 days"],
    [43_200, "30 days"],
  ])("%i minutes are %s", (minutes, text) => {
    expect(durations.duration(asMinutes(minutes))).toBe(text);
  });

  it("counts a session in minutes until these get unwieldy", () => {
    expect([30, 60, 90, 240].map(asMinutes).map(durations.sessionLength)).toEqual([
      "30 min",
      "60 min",
      "90 min",
      "4 h",
    ]);
  });
});

describe("the policy on changes", () => {
  it.each([
    [0, 0, "You can cancel or reschedule until it starts."],
    [1440, 1440, "You can cancel or reschedule until 24 hours before."],
    [1440, 120, "You can cancel until 24 hours before, and reschedule until 2 hours before."],
    [1440, 0, "You can cancel until 24 hours before, and reschedule until it starts."],
  ])("%i and %i: %s", (cancel_cutoff, reschedule_cutoff, text) => {
    expect(
      bookings.changePolicy({
        cancel_cutoff: asMinutes(cancel_cutoff),
        reschedule_cutoff: asMinutes(reschedule_cutoff),
      }),
    ).toBe(text);
  });
});

describe("the policy on refunds", () => {
  it.each([
    [
      1440,
      120,
      50,
      "Cancel until 24 hours before for a full refund, or until 2 hours before to get 50% back. No refund after that.",
    ],
    [
      120,
      0,
      50,
      "Cancel until 2 hours before for a full refund, or until it starts to get 50% back. No refund after that.",
    ],
    [1440, 120, 0, "Cancel until 24 hours before for a full refund. No refund after that."],
    [0, 0, 50, "Cancel until it starts for a full refund. No refund after that."],
  ])("%i, %i and %i: %s", (full, partial, partialPercent, text) => {
    const policy = { fullCutoff: asMinutes(full), partialCutoff: asMinutes(partial), partialPercent };
    expect(refunds.refundPolicy(refundTiers(policy, moneyOf(2000, "INR")))).toBe(text);
  });
});

describe("what happens to a new booking", () => {
  it("promises an instant confirmation only if every student gets it", () => {
    expect(services.approvals.instant()).toBe("Confirmed instantly");
    expect(services.approvals.approve_first("Asha")).toBe("First session: Asha replies within 48 h");
    expect(services.approvals.approve("Asha")).toBe("Asha replies within 48 h");
  });
});
