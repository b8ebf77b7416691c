import { afterEach, describe, expect, it } from "vitest";
import { openCaps, ownedCaps } from "#rules/limits.ts";
import { offerCaps } from "#rules/moneyLimits.ts";
import { constraintDetails } from "#words/errors.ts";
import { bookingOf, dateIn, type OfferedSlot, readSlots } from "../../testing/booking.ts";
import { rewriteFunction } from "../../testing/rewriteFunction.ts";
import {
  type Mentor,
  type MentorWishes,
  openTestApp,
  type Person,
  type TestApp,
} from "../../testing/testApp.ts";

let test: TestApp;
afterEach(() => test.close());

const weekdays = [1, 2, 3, 4, 5].map((day_of_week) => ({
  day_of_week,
  start_time: "10:00",
  end_time: "13:30",
}));

async function openCapped(wishes: MentorWishes = {}): Promise<Mentor> {
  test = await openTestApp({ rateLimit: true, caps: "kept" });
  return test.makeMentor({ ...wishes, settings: { slot_interval: 60, ...wishes.settings } });
}

const twoMonths = (mentor: Mentor) => ({ from: dateIn(mentor, 1), to: dateIn(mentor, 56) });
const free = (mentor: Mentor) => readSlots(test.visitor, mentor, twoMonths(mentor));

const tryToBook = (student: Person, mentor: Mentor, slot: OfferedSlot | undefined) =>
  student.call("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? ""));

const confirmAddress = ({ id }: Person) =>
  test.db.owner.query("update auth.users set email_verified = true where id = $1", [id]);

/** Books every second of some starts, one after the other; returns how often each status occurred. */
async function bookMany(people: Person[], mentor: Mentor, each: number): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  const starts = await free(mentor);
  let next = 0;
  for (const person of people) {
    for (let turn = 0; turn < each; turn++) {
      const answer = await tryToBook(person, mentor, starts[next++]);
      const what = answer.status === 201 ? "booked" : answer.problem().code;
      answers[what] = (answers[what] ?? 0) + 1;
    }
  }
  return answers;
}

describe("open requests", () => {
  it("of seven throwaway accounts at one address leave a mentor nearly all of the free times", async () => {
    const mentor = await openCapped({ windows: weekdays, settings: { instant_confirm: true } });
    const before = (await free(mentor)).length;
    const answers = await bookMany(await test.signUpCrowd(7, "unconfirmed"), mentor, 10);
    expect(answers).toEqual({
      booked: openCaps.newcomer_times_from_network,
      too_many_sessions_ahead: 70 - openCaps.newcomer_times_from_network,
    });
    expect(before - (await free(mentor)).length).toBe(openCaps.newcomer_times_from_network);
  }, 60_000);

  it("of one student never exceed the cap, with fifty concurrent ones at ten mentors", async () => {
    test = await openTestApp({ caps: "kept" });
    // Without limits on calls, which are not what is tried here.
    const own: Mentor[] = [];
    while (own.length < 10) own.push(await test.makeMentor({ settings: { slot_interval: 60 } }));
    const [eager] = (await test.signUpCrowd(1)) as [Person];
    const starts = await Promise.all(own.map((one) => readSlots(eager.call, one)));
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, turn) =>
        tryToBook(eager, own[turn % 10]!, starts[turn % 10]![Math.floor(turn / 10)]),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(openCaps.requests);
    for (const answer of answers) if (answer.status !== 201) answer.problem("too_many_requests_open");
  }, 60_000);

  it("with one mentor have a cap too, and are free again when one is cancelled", async () => {
    const mentor = await openCapped();
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const starts = await free(mentor);
    const ids: string[] = [];
    for (let turn = 0; turn < openCaps.requests_with_mentor; turn++) {
      const answer = (await tryToBook(student, mentor, starts[turn])).expect(201);
      ids.push((answer.json as { id: string }).id);
    }
    const { errors, detail } = (await tryToBook(student, mentor, starts[9])).problem(
      "too_many_requests_open",
    );
    expect([errors?.[0]?.field, detail]).toEqual(["expert_id", expect.stringContaining("cancel a request")]);
    (await student.call("POST", `/bookings/${ids[0]}/cancel`, {})).expect(200);
    (await tryToBook(student, mentor, starts[9])).expect(201);
  });

  it("need a confirmed address; what is confirmed automatically does not", async () => {
    const mentor = await openCapped();
    const [student] = (await test.signUpCrowd(1, "unconfirmed")) as [Person];
    const [slot, other] = await free(mentor);
    const { errors, detail } = (await tryToBook(student, mentor, slot)).problem("address_not_confirmed");
    expect([errors?.[0]?.field, detail]).toEqual(["expert_id", constraintDetails.requestNotConfirmed]);
    await confirmAddress(student);
    (await tryToBook(student, mentor, slot)).expect(201);
    const instant = await test.makeMentor({ settings: { instant_confirm: true } });
    const [newcomer] = (await test.signUpCrowd(1, "unconfirmed")) as [Person];
    expect((await tryToBook(newcomer, instant, other)).expect(201).json).toMatchObject({
      status: "confirmed",
    });
  });

  it("of a first-timer need one as well, where the mentor approves first sessions", async () => {
    const mentor = await openCapped({ settings: { instant_confirm: true, approve_first_timers: true } });
    const [student] = (await test.signUpCrowd(1, "unconfirmed")) as [Person];
    const [slot] = await free(mentor);
    (await tryToBook(student, mentor, slot)).problem("address_not_confirmed");
    await confirmAddress(student);
    (await tryToBook(student, mentor, slot)).expect(201);
  });

  it("from an unconfirmed address would be accepted without the rule (twin)", async () => {
    const mentor = await openCapped();
    await rewriteFunction(
      test.db,
      "private.limit_open_requests",
      "first_status = 'pending' and not has_address",
      "false",
    );
    const [student] = (await test.signUpCrowd(1, "unconfirmed")) as [Person];
    const [slot] = await free(mentor);
    (await tryToBook(student, mentor, slot)).expect(201);
  });

  it("that are confirmed automatically are limited too for a newcomer", async () => {
    const mentor = await openCapped({ settings: { instant_confirm: true } });
    const [student] = (await test.signUpCrowd(1, "unconfirmed")) as [Person];
    expect(await bookMany([student], mentor, 8)).toEqual({
      booked: openCaps.sessions_ahead_with_mentor_newcomer,
      too_many_sessions_ahead: 8 - openCaps.sessions_ahead_with_mentor_newcomer,
    });
  });

  it("would take the whole time without the caps (twin)", async () => {
    test = await openTestApp();
    const mentor = await test.makeMentor({ windows: weekdays, settings: { slot_interval: 60 } });
    expect(await bookMany(await test.signUpCrowd(2), mentor, 10)).toEqual({ booked: 20 });
  });
});

describe("a mentor's wishes", () => {
  it("first-timers need approval, even where bookings are confirmed automatically", async () => {
    const mentor = await openCapped({ settings: { instant_confirm: true, approve_first_timers: true } });
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const starts = await free(mentor);
    const first = (await tryToBook(student, mentor, starts[0])).expect(201).json as {
      id: string;
      status: string;
    };
    expect(first.status).toBe("pending");
    // One session that took place, behind the back of every rule.
    await test.db.owner.query("set session_replication_role = replica");
    await test.db.owner.query("update bookings set status = 'completed', expires_at = null where id = $1", [
      first.id,
    ]);
    await test.db.owner.query("reset session_replication_role");
    expect((await tryToBook(student, mentor, starts[1])).expect(201).json).toMatchObject({
      status: "confirmed",
    });
  });

  it("only confirmed addresses", async () => {
    const mentor = await openCapped({ settings: { instant_confirm: true, require_confirmed_address: true } });
    const [student] = (await test.signUpCrowd(1, "unconfirmed")) as [Person];
    const [slot] = await free(mentor);
    expect((await tryToBook(student, mentor, slot)).problem("address_not_confirmed").errors?.[0]?.field).toBe(
      "expert_id",
    );
    await confirmAddress(student);
    (await tryToBook(student, mentor, slot)).expect(201);
  });
});

describe("what a mentor owns", () => {
  it("ends at the caps, and what is there above a cap stays", async () => {
    const mentor = await openCapped();
    const refused = async (path: string, body: unknown) =>
      (await mentor.call("POST", path, body)).problem("cap_reached").errors?.[0]?.field;
    const fill = (sql: string) => test.db.owner.query(sql, [mentor.id]);

    await fill(
      "insert into services (expert_id, session_type, title) select $1, 'oneOnOneSession', 'S' || n from generate_series(2, 30) n",
    );
    const service = {
      session_type: "oneOnOneSession",
      title: "One more",
      durations: [{ minutes: 30, price: 1 }],
    };
    expect(await refused("/mentors/me/services", service)).toBe("title");

    await fill(
      "insert into blocked_dates (expert_id, date) select $1, current_date + n from generate_series(1, 1100) n",
    );
    expect(await refused("/blocked-dates", { date: "2099-01-01" })).toBe("date");
    expect(await refused("/blocked-dates", { date: "2099-01-01", end_date: "2099-12-31" })).toBe("date");

    await fill(
      "insert into availability_slots (expert_id, is_recurring, specific_date, start_time, end_time) select $1, false, current_date + n, '09:00', '10:00' from generate_series(1, 1000) n",
    );
    const dated = { specific_date: "2099-01-01", start_time: "09:00", end_time: "10:00" };
    expect(await refused("/availability-slots", dated)).toBe("specific_date");

    await test.db.owner.query("set session_replication_role = replica");
    await fill(
      "insert into availability_slots (expert_id, is_recurring, day_of_week, start_time, end_time) select $1, true, 1, '10:00', '11:' || lpad((n % 60)::text, 2, '0') from generate_series(0, 59) n",
    );
    await fill(
      "insert into availability_slots (expert_id, is_recurring, day_of_week, start_time, end_time) select $1, true, 2, '10:00', '11:' || lpad((n % 60)::text, 2, '0') from generate_series(0, 59) n",
    );
    await test.db.owner.query("reset session_replication_role");
    expect(
      await refused("/availability-slots", { day_of_week: 3, start_time: "18:00", end_time: "19:00" }),
    ).toBe("day_of_week");
    const { data } = (await mentor.call("GET", "/availability-slots")).expect(200).json as {
      data: unknown[];
    };
    expect(data.length).toBe(1000 + 7 + 120);

    const whole = await test.visitor(
      "GET",
      `/mentors/${mentor.id}/availability?start_date=1900-01-01&end_date=2999-12-31`,
    );
    expect(whole.text.length).toBeLessThan(700_000);
  });

  it("ends at the caps with twenty concurrent calls", async () => {
    const mentor = await openCapped();
    const service = {
      session_type: "oneOnOneSession",
      title: "Another",
      durations: [{ minutes: 30, price: 1 }],
    };
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => mentor.call("POST", "/mentors/me/services", service)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(ownedCaps.services - 1);
  });
});

it("the database has the same figures as rules/limits.ts", async () => {
  test = await openTestApp({ caps: "kept" });
  for (const [name, most] of Object.entries({ ...openCaps, ...ownedCaps, ...offerCaps })) {
    const { rows } = await test.db.owner.query("select private.cap($1) as most", [name]);
    expect([name, rows[0].most]).toEqual([name, most]);
  }
});
