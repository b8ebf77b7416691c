import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mentorPage, mentorProfile, mentorWithServices } from "#contract/mentors.ts";
import { type MentorSetup, mentorSetup, usernameAnswer } from "#contract/onboarding.ts";
import { service } from "#contract/services.ts";
import { dateIn } from "../testing/booking.ts";
import { daily, openTestApp, type Person, type TestApp, usualService } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const person = async () => (await test.signUpCrowd(1))[0] as Person;
const start = (username: string) => ({
  username,
  full_name: "Nadia Khan",
  timezone: "Asia/Karachi",
  listed: false,
});

describe("the way to a page that can be booked", () => {
  const setupOf = async (who: Person): Promise<MentorSetup> =>
    (await who.call("GET", "/mentors/me/setup")).read(mentorSetup);

  it("lists at each step what is still missing", async () => {
    const nadia = await person();
    (await nadia.call("GET", "/mentors/me/setup")).problem("not_a_mentor");
    (await nadia.call("POST", "/mentors", start("nadia-khan"))).expect(201);
    expect(await setupOf(nadia)).toEqual({
      bookable: false,
      listed: false,
      missing: ["about", "service", "hours", "room", "listing"],
    });
    await nadia.call("PATCH", "/mentors/me", { headline: "Career talks" });
    const offer = (await nadia.call("POST", "/mentors/me/services", usualService)).expect(201).read(service);
    expect(await setupOf(nadia)).toMatchObject({ bookable: false, missing: ["hours", "room", "listing"] });
    (await nadia.call("PUT", "/availability-slots", { recurringSlots: daily("09:00", "17:00") })).expect(200);
    expect(await setupOf(nadia)).toMatchObject({ bookable: true, missing: ["room", "listing"] });
    await nadia.call("PUT", "/mentors/me/room", { meeting_url: "https://meet.example.com/nadia" });
    await nadia.call("PATCH", "/mentors/me", { listed: true });
    expect(await setupOf(nadia)).toEqual({ bookable: true, listed: true, missing: [] });

    // And a page that was whole can lack something again.
    await nadia.call("PATCH", `/mentors/me/services/${offer.id}`, { enabled: false });
    expect(await setupOf(nadia)).toEqual({ bookable: false, listed: true, missing: ["service"] });
  });

  it("takes hours on a date for hours as long as the date lies ahead", async () => {
    const mentor = await test.makeMentor({ windows: [] });
    expect((await setupOf(mentor)).missing).toContain("hours");
    const date = dateIn(mentor, 3);
    await mentor.call("POST", "/availability-slots", {
      specific_date: date,
      start_time: "10:00",
      end_time: "12:00",
    });
    expect((await setupOf(mentor)).bookable).toBe(true);
    await test.db.owner.query(
      "update availability_slots set specific_date = '2020-01-01' where expert_id = $1",
      [mentor.id],
    );
    expect((await setupOf(mentor)).bookable).toBe(false);
  });

  it("shows a page in the search once its mentor publishes it; its link works before", async () => {
    const omar = await person();
    const { id } = (await omar.call("POST", "/mentors", { ...start("omar-quiet"), full_name: "Omar Quiet" }))
      .expect(201)
      .read(mentorProfile);
    const found = async () =>
      (await test.visitor("GET", "/mentors?q=omar%20quiet")).read(mentorPage).data.map((one) => one.id);
    expect(await found()).toEqual([]);
    expect((await test.visitor("GET", "/mentors/omar-quiet")).read(mentorWithServices).listed).toBe(false);
    (await omar.call("PATCH", "/mentors/me", { listed: true })).expect(200);
    expect(await found()).toEqual([id]);
  });

  it("lists a new mentor by default", async () => {
    const { profile } = await test.makeMentor();
    expect(profile.listed).toBe(true);
  });
});

describe("a username", () => {
  const ask = async (wanted: string) =>
    (await test.visitor("GET", `/usernames/${encodeURIComponent(wanted)}`)).read(usernameAnswer);

  it("is available until it is taken, and then free alternatives are returned", async () => {
    expect(await ask(" Lena-Weber ")).toEqual({
      username: "lena-weber",
      available: true,
      problem: null,
      suggestions: [],
    });
    await (await person()).call("POST", "/mentors", start("lena-weber"));
    const taken = await ask("lena-weber");
    expect(taken).toMatchObject({ available: false, problem: null });
    expect(taken.suggestions).toEqual(["lena-weber-mentor", "lena-weber-2", "lena-weber-3"]);
    await (await person()).call("POST", "/mentors", start("lena-weber-2"));
    const { suggestions } = await ask("LENA-WEBER");
    expect(suggestions).toEqual(["lena-weber-mentor", "lena-weber-3", "lena-weber-4"]);
    for (const one of suggestions) expect((await ask(one)).available).toBe(true);
  });

  it.each([
    ["Zoë K.", ["zoe-k", "zoe-k-mentor", "zoe-k-2"]],
    ["me", ["me-mentor", "me-2", "me-3"]],
    ["-", []],
    ["%\u0000'", []],
  ])("that cannot be one is told why, and what could be: %j", async (wanted, suggestions) => {
    const answer = await ask(wanted);
    expect(answer).toMatchObject({ available: false, suggestions });
    expect(answer.problem).toMatch(/Use 3 to 30|reserved/);
  });

  it("as long as they may be has suggestions that are no longer", async () => {
    const long = "a".repeat(30);
    await (await person()).call("POST", "/mentors", start(long));
    const { suggestions } = await ask(long);
    expect(suggestions).toHaveLength(3);
    for (const one of suggestions) expect(one.length).toBeLessThanOrEqual(30);
  });

  it("is limited to sixty requests a minute", async () => {
    const limited = await openTestApp({ rateLimit: true });
    try {
      const answers = [];
      for (let asked = 0; asked < 61; asked++)
        answers.push(await limited.visitor("GET", "/usernames/some-body"));
      expect(answers.slice(0, 60).every(({ status }) => status === 200)).toBe(true);
      answers[60]?.problem("rate_limited");
    } finally {
      await limited.close();
    }
  });
});
