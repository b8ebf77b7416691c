import { expect, it } from "vitest";
import { email } from "#contract/primitives.ts";
import { isEmail } from "./email.ts";

it.each([
  ["a&b@example.com", true],
  ["someone@xn--p1b6ci4b4b3a.xn--h2brj9c", true],
  ["ravi@localhost", true],
  [`${"l".repeat(64)}@example.com`, true],
  [`${"l".repeat(65)}@example.com`, false],
  [`a@${"bcd.".repeat(63)}com`, false],
  ["ravi", false],
  ["dot@example..com", false],
])("%s: %s, to the page and to the server", (address, isOne) => {
  expect([isEmail(address), email.safeParse(address).success]).toEqual([isOne, isOne]);
});
