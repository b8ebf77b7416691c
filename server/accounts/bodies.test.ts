import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let headers: Record<string, string>;
beforeAll(async () => {
  test = await openTestApp();
  const [{ token }] = (await test.signUpCrowd(1)) as [Person];
  headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
});
afterAll(() => test.close());

const paths = ["/api/auth/sign-in/email", "/api/auth/sign-up/email", "/api/auth/update-user"];
const fieldsOf = (count: number, length: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, "x".repeat(length)]));
const person = { name: "Asha Rao", email: "asha.rao@example.com", password: "correct horse battery" };

describe("the body of an account's call", () => {
  it.each(paths)("%s with 60,000 fields is too large to be looked at", async (url) => {
    const payload = fieldsOf(60_000, 1);
    expect(JSON.stringify(payload).length).toBeGreaterThan(750_000);
    const answer = await test.app.inject({ method: "POST", url, headers, payload });
    expect([answer.statusCode, answer.json().code]).toEqual([413, "body_too_large"]);
  });

  it.each(paths)("%s with more fields than any form has is refused as a whole", async (url) => {
    const answer = await test.app.inject({
      method: "POST",
      url,
      headers,
      payload: { ...person, ...fieldsOf(10_000, 1) },
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual([{ field: "body", message: "Send at most 20 fields." }]);
  });

  it.each(paths)("%s with something deep in it is refused by field", async (url) => {
    const deep = `{"name":"Asha","email":"asha@example.com","password":"correct horse battery","deep":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    const answer = await test.app.inject({ method: "POST", url, payload: deep, headers });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual([{ field: "deep", message: "This isn’t valid." }]);
  });
});

it("ends its list of faults at twenty, with the beginning of each name", async () => {
  const mentor = await test.makeMentor();
  const unknown = fieldsOf(80_000, 0);
  const answer = await mentor.call("POST", "/blocked-dates", {
    date: "2030-01-01",
    [`${"y".repeat(5_000)}`]: "",
    ...unknown,
  });
  const { errors = [] } = answer.problem("validation_failed");
  expect(errors).toHaveLength(20);
  expect(errors[0]?.field).toBe("y".repeat(100));
  expect(answer.text.length).toBeLessThan(4_000);
});
