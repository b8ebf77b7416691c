import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { me } from "#contract/accounts.ts";
import { mentorPage, mentorProfile, mentorWithServices } from "#contract/mentors.ts";
import { ownServiceList, service } from "#contract/services.ts";
import { type Mentor, openTestApp, type Person, type TestApp, usualService } from "../testing/testApp.ts";

let test: TestApp;
let asha: Mentor;
beforeAll(async () => {
  test = await openTestApp();
  asha = await test.makeMentor({
    name: "Asha Rao",
    settings: { headline: "100% React_Native", expertise: ["React", "Career"], languages: ["Hindi"] },
  });
});
afterAll(() => test.close());

const search = async (query: string) =>
  (await test.visitor("GET", `/mentors?${query}`)).read(mentorPage).data.map(({ id }) => id);

describe("finding mentors", () => {
  it("by every word of the question, which is never a pattern", async () => {
    const ben = await test.makeMentor({ name: "Ben Rao", settings: { bio: "Go and Rust" } });
    expect(await search("q=rao")).toEqual(expect.arrayContaining([asha.id, ben.id]));
    expect(await search("q=RAO%20rust")).toEqual([ben.id]);
    expect(await search(`q=${encodeURIComponent("100%")}`)).toEqual([asha.id]);
    expect(await search("q=react_native")).toEqual([asha.id]);
    expect(await search("q=r_o")).toEqual([]);
    expect(await search(`q=${encodeURIComponent("\\")}`)).toEqual([]);
    expect(await search("expertise=Career")).toEqual([asha.id]);
    expect(await search("expertise=career&q=asha")).toEqual([]);
  });

  it("page by page, best rated first, each once", async () => {
    const people: Mentor[] = [];
    while (people.length < 7) people.push(await test.makeMentor({ name: "Page Turner" }));
    for (const [index, { id }] of people.entries()) {
      const rating = index < 2 ? null : 3 + (index % 3) / 1.25;
      await test.db.owner.query("update expert_profiles set rating = $2, review_weight = 5 where id = $1", [
        id,
        rating,
      ]);
    }
    const seen: { id: string; rating: number | null }[] = [];
    let cursor = "";
    do {
      const page = (await test.visitor("GET", `/mentors?q=turner&limit=2${cursor}`)).read(mentorPage);
      seen.push(...page.data);
      cursor = page.next_cursor ? `&cursor=${page.next_cursor}` : "";
    } while (cursor);
    expect(seen.map(({ id }) => id).sort()).toEqual(people.map(({ id }) => id).sort());
    // Two of them have no reviews, which is neither good nor bad.
    expect(seen.map(({ rating }) => rating)).toEqual([4.6, 4.6, null, null, 3.8, 3, 3]);
  });

  it("shows the lowest price of what can be booked", async () => {
    const mentor = await test.makeMentor({
      name: "Cheap Charlie",
      services: [
        {},
        { enabled: false, durations: [{ minutes: 60, price: 1 }] },
        { durations: [{ minutes: 15, price: 99.5 }] },
      ],
    });
    const [found] = (await test.visitor("GET", "/mentors?q=charlie")).read(mentorPage).data;
    expect(found).toMatchObject({ id: mentor.id, from_price: 99.5, currency: "INR" });
    const page = (await test.visitor("GET", `/mentors/${mentor.id}`)).read(mentorWithServices);
    expect(page.services).toHaveLength(2);
  });
});

describe("being a mentor", () => {
  it("creates a profile once, even with concurrent requests", async () => {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const body = { username: "impatient", full_name: "I", timezone: "Asia/Kolkata" };
    const answers = await Promise.all(Array.from({ length: 6 }, () => person.call("POST", "/mentors", body)));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(5);
    for (const answer of refused)
      expect(["already_a_mentor", "username_taken"]).toContain(answer.problem().code);
  });

  it("gives a username to one of the people who request it", async () => {
    const people = await test.signUpCrowd(6);
    const body = { username: "Wanted-Name", full_name: "W", timezone: "Asia/Kolkata" };
    const answers = await Promise.all(people.map(({ call }) => call("POST", "/mentors", body)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made.map((answer) => answer.read(mentorProfile).username)).toEqual(["wanted-name"]);
    for (const answer of answers) if (answer.status !== 201) answer.problem("username_taken");
  });

  it.each([
    ["username", "me"],
    ["username", "a"],
    ["username", "with space"],
    ["timezone", "Mars/Olympus"],
    ["timezone", "IST"],
    ["verified", true],
    ["rating", 5],
    ["slot_interval", 0],
    ["buffer_before", -1],
    ["booking_window_days", 731],
    ["expertise", ["x".repeat(41)]],
    ["bio", "x".repeat(5001)],
    ["id", "00000000-0000-4000-8000-000000000000"],
  ])("refuses %s %j, at the start and later", async (field, value) => {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const body = { username: "fine-name", full_name: "F", timezone: "Asia/Kolkata", [field]: value };
    const made = (await person.call("POST", "/mentors", body)).problem("validation_failed");
    expect(made.errors?.[0]?.field.split(".")[0]).toBe(field);
    const changed = (await asha.call("PATCH", "/mentors/me", { [field]: value })).problem(
      "validation_failed",
    );
    expect(changed.errors?.[0]?.field.split(".")[0]).toBe(field);
  });

  it("keeps the account's own name", async () => {
    (await asha.call("PATCH", "/me", { name: "Asha R.", timezone: "Europe/Paris" })).expect(200);
    expect((await asha.call("GET", "/me")).read(me)).toMatchObject({
      name: "Asha R.",
      timezone: "Europe/Paris",
      mentor: { full_name: "Asha Rao", timezone: "Asia/Kolkata" },
    });
  });
});

describe("services", () => {
  it.each([
    ["durations", []],
    [
      "durations",
      [
        { minutes: 30, price: 1 },
        { minutes: 30, price: 2 },
      ],
    ],
    ["durations", [{ minutes: 4, price: 1 }]],
    ["durations", [{ minutes: 30, price: -1 }]],
    ["durations", [{ minutes: 30, price: 0.001 }]],
    ["currency", "USD"],
    ["capacity", 2],
    ["capacity", 0],
    ["title", "  "],
    ["session_type", "lunch"],
    ["recording_price", -1],
  ])("refuse %s %j, when made and when changed", async (field, value) => {
    const made = await asha.call("POST", "/mentors/me/services", { ...usualService, [field]: value });
    expect(made.problem("validation_failed").errors?.[0]?.field.split(".")[0]).toBe(field);
    const path = `/mentors/me/services/${asha.services[0]?.id}`;
    const changed = await asha.call("PATCH", path, { [field]: value });
    expect(changed.problem("validation_failed").errors?.[0]?.field.split(".")[0]).toBe(field);
  });

  it("return the very prices that were entered", async () => {
    const amounts = [0, 0.01, 0.29, 1.1, 4.35, 8.7, 64.1, 1234.56, 9_999_999.99, 10_000_000];
    const lengths = amounts.slice(0, 8).map((price, index) => ({ minutes: 15 + index, price }));
    const made = await asha.call("POST", "/mentors/me/services", {
      ...usualService,
      durations: lengths,
      recording_price: amounts[8],
    });
    const { id, ...priced } = made.expect(201).read(service);
    expect(priced).toMatchObject({ durations: lengths, recording_price: 9_999_999.99, currency: "INR" });
    const path = `/mentors/me/services/${id}`;
    const change = { durations: [{ minutes: 60, price: amounts[9] }], recording_price: 0.07 };
    expect((await asha.call("PATCH", path, change)).read(service)).toMatchObject(change);
    const renamed = await asha.call("PATCH", path, { title: "Another title" });
    expect(renamed.read(service)).toMatchObject({ ...change, title: "Another title" });
    const added = await asha.call("PATCH", path, { recording_price: 0.1 + 0.2 });
    expect(added.read(service).recording_price).toBe(0.3);
    const silent = await asha.call("PATCH", path, { recording_price: null });
    expect(silent.read(service)).toMatchObject({ ...change, recording_price: null });
    (await asha.call("DELETE", path)).expect(204);
  });

  it("keep whole lists of lengths when two are sent at the same time", async () => {
    const path = `/mentors/me/services/${asha.services[0]?.id}`;
    const lengths = (turn: number) => [30, 60, 90].map((minutes) => ({ minutes, price: 100 + turn }));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, turn) => asha.call("PATCH", path, { durations: lengths(turn) })),
    );
    for (const answer of answers) answer.expect(200);
    const [left] = (await asha.call("GET", "/mentors/me/services")).read(ownServiceList).data;
    expect(new Set(left?.durations.map(({ price }) => price)).size).toBe(1);
    expect(left?.durations.map(({ minutes }) => minutes)).toEqual([30, 60, 90]);
  });

  it("that are deleted are gone for everyone but past bookings", async () => {
    const made = (await asha.call("POST", "/mentors/me/services", usualService)).expect(201).read(service);
    (await asha.call("DELETE", `/mentors/me/services/${made.id}`)).expect(204);
    (await asha.call("DELETE", `/mentors/me/services/${made.id}`)).problem("service_not_found");
    (await asha.call("PATCH", `/mentors/me/services/${made.id}`, {})).problem("service_not_found");
    const { data: own, fee_percent } = (await asha.call("GET", "/mentors/me/services")).read(ownServiceList);
    // Nothing is charged in this app.
    expect(fee_percent).toBeNull();
    expect(own.map(({ id }) => id)).not.toContain(made.id);
  });
});
