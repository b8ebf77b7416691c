import { expect, it } from "vitest";
import { shownPrice } from "./shownPrice.ts";

it("a session that a package pays for is not free; one that a coupon pays for is", () => {
  const session = { kind: "session", amount: 2000 } as const;
  const free = { total_amount: 0, currency: "INR" };
  expect(shownPrice({ ...free, price_lines: [session, { kind: "credit", amount: -2000 }] })).toBe(
    "Paid with a package",
  );
  expect(shownPrice({ ...free, price_lines: [session, { kind: "coupon", amount: -2000 }] })).toBe("Free");
  expect(shownPrice({ ...free, price_lines: null })).toBe("Free");
  expect(shownPrice({ ...free, total_amount: 2300, price_lines: null })).toBe("₹2,300");
});
