import { afterAll, beforeAll, expect, it } from "vitest";
import { bookAny } from "../../testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let anil: Person;
let bina: Person;
beforeAll(async () => {
  test = await openTestApp();
  mentor = await test.makeMentor();
  anil = await test.signUp("Anil");
  bina = await test.signUp("Bina");
});
afterAll(() => test.close());

const forAnil = () => ({ "for-user": anil.id });

it("a call that was made for Anil does nothing while Bina is signed in", async () => {
  const { id } = await bookAny(bina, mentor);
  const before = await test.countRows();
  const calls: [Parameters<Person["call"]>[0], string, unknown][] = [
    ["GET", "/bookings", undefined],
    ["GET", `/bookings/${id}`, undefined],
    ["POST", `/bookings/${id}/cancel`, {}],
    ["PATCH", "/me", { name: "Anil" }],
    ["PUT", `/me/favourites/${mentor.id}`, undefined],
    ["GET", "/me/events", undefined],
    ["POST", "/api/auth/sign-out", {}],
    ["POST", "/api/auth/update-user", { name: "Anil" }],
    ["POST", "/api/auth/revoke-other-sessions", {}],
  ];
  for (const [method, path, body] of calls)
    (await bina.call(method, path, body, forAnil())).problem("another_user");
  (await bina.call("GET", `/me/events?for=${anil.id}`)).problem("another_user");
  expect(await test.countRows()).toEqual(before);
  (await bina.call("GET", "/me")).expect(200);
});

it("a call for the signed-in person is done (twin)", async () => {
  (await anil.call("PATCH", "/me", { name: "Anil K" }, forAnil())).expect(200);
  (await anil.call("POST", "/api/auth/update-user", { name: "Anil K" }, forAnil())).expect(200);
});

it("is treated as a visitor's request if no one is signed in, and public data stays public", async () => {
  (await test.visitor("GET", "/bookings", undefined, forAnil())).problem("unauthenticated");
  (await bina.call("GET", `/mentors/${mentor.id}`, undefined, forAnil())).expect(200);
});
