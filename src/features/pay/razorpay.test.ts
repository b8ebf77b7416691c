import { describe, expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import { razorpayOptions } from "./razorpay.ts";

const checkout = { provider: "razorpay", key_id: "rzp_test", order_id: "order_1" } as const;
const booking = {
  service_title: "1:1",
  user_name: "Ravi",
  user_email: "r@example.com",
  user_phone: null,
} as Booking;

describe("Razorpay's form", () => {
  it.each([
    [true, "intent"],
    [false, "qr"],
  ])("on a phone: %s, offers UPI by %s alone", (isPhone, flow) => {
    const { key, order_id, config } = razorpayOptions(checkout, booking, isPhone);
    expect([key, order_id]).toEqual(["rzp_test", "order_1"]);
    expect(config.display.blocks.upi.instruments).toEqual([{ method: "upi", flows: [flow] }]);
    expect(JSON.stringify(config)).not.toContain("collect");
    expect(config.display.preferences.show_default_blocks).toBe(false);
  });
});
