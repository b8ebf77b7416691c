import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addMs, asMinutes, epochMs, HOUR_MS, MINUTE_MS, parseInstant } from "#scheduling/units.ts";
import { moneyOfMinor } from "./money.ts";
import {
  cutoffInstant,
  defaultRefunds,
  presetOf,
  type RefundPolicy,
  refundFaults,
  refundOf,
  refundPresets,
  refundTiers,
} from "./refundPolicy.ts";

const inr = (minor: number) => moneyOfMinor(minor, "INR");
const startsAt = parseInstant("2026-11-30T10:00:00Z");
const usual: RefundPolicy = {
  fullCutoff: asMinutes(1440),
  partialCutoff: asMinutes(120),
  partialPercent: 50,
};
const asStudent = { fault: "student" } as const;
const facts = { paid: inr(200_000), alreadyRefunded: inr(0), policy: usual, startsAt, now: startsAt };

const policies = fc
  .record({
    one: fc.integer({ min: 0, max: 43_200 }),
    other: fc.integer({ min: 0, max: 43_200 }),
    partialPercent: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ one, other, partialPercent }) => ({
    fullCutoff: asMinutes(Math.max(one, other)),
    partialCutoff: asMinutes(Math.min(one, other)),
    partialPercent,
  }));
const paid = fc.integer({ min: 0, max: 200_000_000_000 }).map(inr);
const instants = fc
  .integer({ min: -40 * 24 * 60, max: 24 * 60 })
  .map((minutes) => addMs(startsAt, minutes * MINUTE_MS));

describe("a student who cancels", () => {
  it.each([
    ["long before", -48 * HOUR_MS, 200_000],
    ["a moment before the first cut-off", -24 * HOUR_MS - 1, 200_000],
    ["at the first cut-off", -24 * HOUR_MS, 100_000],
    ["a moment before the second", -2 * HOUR_MS - 1, 100_000],
    ["at the second", -2 * HOUR_MS, 0],
    ["after the start", HOUR_MS, 0],
  ])("%s", (_, ms, minor) => {
    expect(refundOf({ ...facts, ...asStudent, now: addMs(startsAt, ms) }).minor).toBe(minor);
  });

  it("gets half a paisa as a whole one", () => {
    const now = addMs(startsAt, -3 * HOUR_MS);
    expect(refundOf({ ...facts, ...asStudent, now, paid: inr(101) }).minor).toBe(51);
    expect(refundOf({ ...facts, ...asStudent, now, paid: inr(1) }).minor).toBe(1);
  });

  it("never gets more by waiting", () => {
    fc.assert(
      fc.property(paid, policies, instants, instants, (amount, policy, one, other) => {
        const at = (now: number) =>
          refundOf({ ...facts, ...asStudent, paid: amount, policy, now: epochMs(now) }).minor;
        expect(at(Math.min(one, other))).toBeGreaterThanOrEqual(at(Math.max(one, other)));
      }),
    );
  });
});

describe("everything is refunded, at any time,", () => {
  it.each(["mentor", "system"] as const)("when it is the %s’s doing", (fault) => {
    for (const ms of [-48 * HOUR_MS, 0, 72 * HOUR_MS]) {
      expect(refundOf({ ...facts, fault, now: addMs(startsAt, ms) })).toEqual(facts.paid);
    }
  });

  it("twin: when it is the student’s it is not", () => {
    expect(refundOf({ ...facts, ...asStudent }).minor).toBe(0);
  });
});

describe("refunds together", () => {
  const steps = fc.array(fc.record({ fault: fc.constantFrom(...refundFaults), now: instants }), {
    maxLength: 6,
  });

  it("are the largest entitlement, in any order, and never more than what was paid", () => {
    fc.assert(
      fc.property(paid, policies, steps, (amount, policy, list) => {
        let refunded = inr(0);
        let largest = 0;
        for (const step of list) {
          const entitled = refundOf({ ...facts, ...step, paid: amount, policy }).minor;
          const next = refundOf({ ...facts, ...step, paid: amount, policy, alreadyRefunded: refunded }).minor;
          largest = Math.max(largest, entitled);
          expect(next).toBeGreaterThanOrEqual(0);
          refunded = inr(refunded.minor + next);
        }
        expect(refunded.minor).toBe(largest);
        expect(refunded.minor).toBeLessThanOrEqual(amount.minor);
      }),
    );
  });

  it("are nothing more after a larger one by hand", () => {
    expect(refundOf({ ...facts, ...asStudent, alreadyRefunded: inr(150_000) }).minor).toBe(0);
    expect(refundOf({ ...facts, fault: "mentor", alreadyRefunded: inr(150_000) }).minor).toBe(50_000);
  });
});

describe("the presets", () => {
  it("are recognized by their figures, and by nothing else", () => {
    const names = Object.keys(refundPresets) as (keyof typeof refundPresets)[];
    expect(names.map((name) => presetOf({ ...refundPresets[name] }))).toEqual(names);
    expect(presetOf({ ...usual, partialPercent: 51 })).toBeNull();
    expect(defaultRefunds).toEqual(usual);
  });

  it("are from the most generous to the strictest, and shrink", () => {
    const cutoffs = Object.values(refundPresets).map(({ fullCutoff }) => fullCutoff);
    expect(cutoffs).toEqual([...cutoffs].sort((one, other) => one - other));
    for (const { fullCutoff, partialCutoff } of Object.values(refundPresets)) {
      expect(partialCutoff).toBeLessThan(fullCutoff);
    }
  });
});

describe("the tiers of a policy", () => {
  const shape = (policy: RefundPolicy) =>
    refundTiers(policy, inr(200_000)).map(({ kind, amount, cutoff }) => [kind, amount.minor, cutoff]);

  it.each([
    [
      usual,
      [
        ["full", 200_000, 1440],
        ["partial", 100_000, 120],
        ["none", 0, null],
      ],
    ],
    [
      { ...usual, partialPercent: 0 },
      [
        ["full", 200_000, 1440],
        ["none", 0, null],
      ],
    ],
    [
      { ...usual, partialPercent: 100 },
      [
        ["full", 200_000, 120],
        ["none", 0, null],
      ],
    ],
    [
      { ...usual, partialCutoff: asMinutes(1440) },
      [
        ["full", 200_000, 1440],
        ["none", 0, null],
      ],
    ],
  ] as const)("%o", (policy, tiers) => {
    expect(shape(policy)).toEqual(tiers);
  });

  it("say what is refunded at each instant", () => {
    fc.assert(
      fc.property(paid, policies, instants, (amount, policy, now) => {
        const tier = refundTiers(policy, amount).find(
          ({ cutoff }) => cutoff === null || now < cutoffInstant(startsAt, cutoff),
        );
        expect(tier?.amount).toEqual(refundOf({ ...facts, ...asStudent, paid: amount, policy, now }));
      }),
    );
  });
});
