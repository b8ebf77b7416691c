import { describe, expect, it } from "vitest";
import type { Service } from "#contract/services.ts";
import {
  newPackage,
  packageOf,
  packageTermsOf,
  pricedLengths,
  priceProblem,
  sessionsProblem,
  validDaysProblem,
} from "./packageForm.ts";

const services = [
  {
    id: "a",
    title: "CV review",
    enabled: true,
    currency: "INR",
    durations: [
      { minutes: 30, price: 0 },
      { minutes: 60, price: 2000 },
    ],
  },
  { id: "b", title: "Stopped", enabled: false, currency: "INR", durations: [{ minutes: 60, price: 10 }] },
] as Service[];

describe("a package as it is typed", () => {
  it("is of a length with a price, of a service that is offered", () => {
    expect(pricedLengths(services)).toEqual([
      { value: "a 60", title: "CV review", minutes: 60, price: 2000, currency: "INR" },
    ]);
  });

  it("begins as five sessions for the price of four", () => {
    expect(packageOf(newPackage(pricedLengths(services)))).toEqual({
      service_id: "a",
      minutes: 60,
      sessions: 5,
      price: 8000,
      valid_days: 180,
    });
  });

  it("may have a price as it is written in India", () => {
    const form = { session: "a 60", sessions: " 3 ", price: "₹1,05,000.50", valid_days: "90" };
    expect(priceProblem(form.price)).toBe(true);
    expect(packageTermsOf(form)).toEqual({ sessions: 3, price: 105_000.5, valid_days: 90 });
  });

  it.each(["0", "", "-1", "1.234", "abc"])("the price %j is a mistake", (text) => {
    expect(priceProblem(text)).toBe("Enter an amount, such as 8000.");
  });

  it("has limits", () => {
    expect([
      sessionsProblem("2"),
      sessionsProblem("50"),
      validDaysProblem("30"),
      validDaysProblem("730"),
    ]).toEqual([true, true, true, true]);
    expect(sessionsProblem("1")).toBe("Enter a whole number from 2 to 50.");
    expect(sessionsProblem("2.5")).toBe("Enter a whole number from 2 to 50.");
    expect(validDaysProblem("29")).toBe("Enter a whole number from 30 to 730.");
  });
});
