import { describe, expect, it } from "vitest";
import { asMinutes } from "#scheduling/units.ts";
import { decimalOf, moneyOf } from "./money.ts";
import { priceOf, pricesOf } from "./price.ts";

const service = pricesOf({
  durations: [
    { minutes: asMinutes(30), price: 499.99 },
    { minutes: asMinutes(60), price: 1000 },
  ],
  recording_price: 0.02,
  currency: "INR",
});

describe("the price of a session", () => {
  it("is that of its length, plus the recording if chosen", () => {
    expect(priceOf(service, { minutes: asMinutes(60), addRecording: false })).toEqual({
      ok: true,
      price: moneyOf(1000, "INR"),
    });
    const answer = priceOf(service, { minutes: asMinutes(30), addRecording: true });
    expect(answer.ok && decimalOf(answer.price)).toBe(500.01);
  });

  it("names the field that the service does not offer", () => {
    expect(priceOf(service, { minutes: asMinutes(45), addRecording: false })).toEqual({
      ok: false,
      field: "duration",
    });
    const silent = { ...service, recordingPrice: null };
    expect(priceOf(silent, { minutes: asMinutes(30), addRecording: true })).toEqual({
      ok: false,
      field: "add_recording",
    });
    expect(priceOf(silent, { minutes: asMinutes(30), addRecording: false })).toMatchObject({ ok: true });
  });
});
