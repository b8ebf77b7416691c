import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { attempt, signedIn } from "./actor.ts";
import { bookingRequest, insertInto, mentor, plantWorld, student } from "./world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
});
afterAll(() => db.drop());

const rename = (name: string) =>
  attempt(db.owner, signedIn(mentor), {
    text: "update public.expert_profiles set full_name = $2 where id = $1",
    values: [mentor, name],
  });
const ask = (row: object) =>
  attempt(db.owner, signedIn(student), insertInto("public.bookings", bookingRequest({ ...row })));

describe("a client that writes to the database itself", () => {
  it.each([
    ["decomposed letters", "Jose\u0301"],
    ["a control", "A\u001BB"],
    ["a line break", "A\nB"],
    ["an override", "A\u202EB"],
    ["an isolate", "A\u2066B"],
    ["nothing that can be seen", "\u200B\u3164\u2800"],
    ["tags only", "\u{E0041}"],
  ])("rejects a name with %s", async (_, name) => {
    expect(await rename(name)).toBe("23514 expert_profiles_full_name_clean");
  });

  it.each(["José", "O’Brien", "प्रकाश शर्मा", "क्‍ष", "李", "👩‍💻"])("gives the name %s", async (name) => {
    expect(await rename(name)).toBe("1 row");
  });

  it("writes lines, but no controls, into a message", async () => {
    expect(await ask({ message: "one\n\ttwo" })).toBe("1 row");
    expect(await ask({ message: "one\u000Btwo" })).toBe("23514 bookings_message_clean");
    expect(await ask({ message: "e\u0301" })).toBe("23514 bookings_message_clean");
    expect(await ask({ user_name: "A\u001BB" })).toBe("23514 bookings_user_name_clean");
  });

  it("lists only clean words", async () => {
    const list = (value: string) =>
      attempt(db.owner, signedIn(mentor), {
        text: "update public.expert_profiles set languages = $2 where id = $1",
        values: [mentor, ["Hindi", value]],
      });
    expect(await list("हिन्दी")).toBe("1 row");
    expect(await list("A\u202EB")).toBe("23514 expert_profiles_languages_clean");
  });

  it("would write anything without the constraint (twin)", async () => {
    await db.owner.query("alter table expert_profiles drop constraint expert_profiles_full_name_clean");
    expect(await rename("\u200B")).toBe("1 row");
  });
});
