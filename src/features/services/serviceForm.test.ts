import { describe, expect, it } from "vitest";
import type { Service } from "#contract/services.ts";
import { asMinutes } from "#scheduling/units.ts";
import {
  amountProblem,
  capacityProblem,
  minutesProblem,
  newService,
  percentProblem,
  receivedOf,
  refundOrderProblem,
  refundPolicyOf,
  serviceFormOf,
  serviceOf,
} from "./serviceForm.ts";

const group: Service = {
  id: "s",
  expert_id: "m",
  session_type: "groupSession",
  title: "Mock interviews",
  description: "",
  durations: [
    { minutes: asMinutes(60), price: 499.5 },
    { minutes: asMinutes(90), price: 0 },
  ],
  currency: "INR",
  capacity: 8,
  recording_price: 200,
  enabled: true,
  instant_confirm: false,
  cancel_cutoff: asMinutes(1440),
  reschedule_cutoff: asMinutes(0),
  refund_full_cutoff: asMinutes(1440),
  refund_partial_cutoff: asMinutes(120),
  refund_partial_percent: 50,
  opens_by_booking: false,
  min_attendees: 3,
  decide_minutes: asMinutes(2880),
  late_join_minutes: asMinutes(15),
};

describe("the service form", () => {
  it("returns what it was given", () => {
    const { id: _id, expert_id: _expert, currency: _currency, enabled: _enabled, ...fields } = group;
    expect(serviceOf(serviceFormOf(group))).toEqual(fields);
  });

  it("sends no capacity and no recording when the service has none", () => {
    const form = { ...newService, durations: [{ minutes: "30", price: "1,500" }] };
    expect(serviceOf(form)).toMatchObject({
      capacity: 1,
      recording_price: null,
      instant_confirm: null,
      durations: [{ minutes: asMinutes(30), price: 1500 }],
    });
  });
});

describe("the refund policy", () => {
  it("is a preset when its figures are those of one", () => {
    expect(serviceFormOf(group).refund_preset).toBe("moderate");
    expect(serviceFormOf({ ...group, refund_partial_percent: 49 }).refund_preset).toBe("custom");
  });

  it("is none while what is typed is none", () => {
    expect(refundPolicyOf(newService)).toEqual({ fullCutoff: 1440, partialCutoff: 120, partialPercent: 50 });
    expect(refundPolicyOf({ ...newService, refund_partial_percent: "" })).toBeNull();
    expect(refundPolicyOf({ ...newService, refund_partial_cutoff: "2880" })).toBeNull();
    expect(refundOrderProblem("1440", newService)).toBe(true);
    expect(refundOrderProblem("1441", newService)).not.toBe(true);
    expect(["0", "50", " 100 "].map(percentProblem)).toEqual([true, true, true]);
    expect(["", "-1", "101", "1.5", "half"].filter((text) => percentProblem(text) === true)).toEqual([]);
  });

  it("leaves the mentor all but the fee", () => {
    expect(receivedOf("2,000", 10)).toMatchObject({ price: { minor: 200_000 }, share: { minor: 180_000 } });
    expect(receivedOf("0.05", 12.34)?.share.minor).toBe(4);
    expect(["", "0", "free", "1.234"].map((text) => receivedOf(text, 10))).toEqual([null, null, null, null]);
  });
});

describe("the fields", () => {
  it("accept amounts in Indian notation", () => {
    expect(["0", "1500", "1,50,000", "499.50", "₹ 500"].map(amountProblem)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(["", "-5", "1.234", "free"].filter((text) => amountProblem(text) === true)).toEqual([]);
  });

  it("accept each length once", () => {
    const form = {
      ...newService,
      durations: [
        { minutes: "60", price: "1" },
        { minutes: "060", price: "2" },
      ],
    };
    expect(minutesProblem("60", form, 0)).toBe(true);
    expect(minutesProblem("060", form, 1)).toBe("You’ve already added this length.");
    expect(minutesProblem("4", form, 0)).not.toBe(true);
    expect(minutesProblem("481", form, 0)).not.toBe(true);
    expect(minutesProblem("1.5", form, 0)).not.toBe(true);
  });

  it("accept groups of two or more", () => {
    expect(["2", "500"].map(capacityProblem)).toEqual([true, true]);
    expect(["1", "501", "", "2.5"].filter((text) => capacityProblem(text) === true)).toEqual([]);
  });
});
