import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { adminLog, adminPeople, adminPerson, failedJobs, undeliveredMail } from "#contract/administration.ts";
import { makeAdministrator, turnOnTwoFactor } from "../testing/administrator.ts";
import { askSlots, book, bookAny, dateIn, readSlots } from "../testing/booking.ts";
import { allowQueue } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, password, type TestApp } from "../testing/testApp.ts";
import { changeAdministrator, listAdministrators } from "./grantAdministrator.ts";

let test: TestApp;
let admin: Person;
beforeAll(async () => {
  test = await openTestApp();
  admin = await makeAdministrator(test);
});
afterAll(() => test.close());

const reason = "Spam to students.";
const suspend = ({ id }: { id: string }) => admin.call("POST", `/admin/people/${id}/suspend`, { reason });
const lift = ({ id }: { id: string }) =>
  admin.call("POST", `/admin/people/${id}/lift`, { reason: "A mistake." });
const readLog = async (query = "") =>
  (await admin.call("GET", `/admin/log?${query}`)).expect(200).read(adminLog).data;

describe("who is an administrator", () => {
  it("is decided by the command line alone: no role of requests can write the list or the log", async () => {
    const { id } = admin;
    for (const role of [
      "anon",
      "authenticated",
      "matepeak_app",
      "matepeak_auth",
      "matepeak_jobs",
      "service_role",
    ]) {
      for (const statement of [
        `insert into private.administrators (user_id) values ('${id}')`,
        "select from private.administrators",
        "select from private.admin_log",
        "insert into private.admin_log (action) values ('x')",
        "delete from private.admin_log",
        "select private.begin_admin_action(null, 'x', null, '{}', null, null)",
        "insert into private.closed_accounts (user_id, why) values (null, 'suspended')",
      ]) {
        await test.db.owner.query("begin");
        await test.db.owner.query(`set local role ${role}`);
        await test.db.owner.query(`set local request.jwt.claims = '${JSON.stringify({ sub: id })}'`);
        await expect(test.db.owner.query(statement)).rejects.toMatchObject({ code: "42501" });
        await test.db.owner.query("rollback");
      }
    }
  });

  it("grant, list and revoke, by address in any case; each is in the log", async () => {
    const { owner } = test.db;
    const person = await test.signUp("Ravi Kumar");
    const address = person.email.toUpperCase();
    expect(await changeAdministrator(owner, address, "grant")).toEqual({ is: "granted", name: "Ravi Kumar" });
    expect(await changeAdministrator(owner, address, "grant")).toMatchObject({ is: "unchanged" });
    const listed = await listAdministrators(owner);
    expect(listed.map(({ email, two_factor }) => [email, two_factor])).toContainEqual([person.email, false]);
    expect(await changeAdministrator(owner, person.email, "revoke")).toMatchObject({ is: "revoked" });
    expect(await changeAdministrator(owner, "nobody@example.com", "grant")).toEqual({ is: "unknown" });
    const entries = await readLog(`person_id=${person.id}`);
    expect(entries.map(({ action, actor_id }) => [action, actor_id])).toEqual([
      ["administrator_revoked", null],
      ["administrator_granted", null],
    ]);
  });

  it("no field of any call grants the role", async () => {
    const person = await test.signUp("Mallory");
    for (const field of ["role", "is_administrator", "administrator", "two_factor_enabled"])
      expect((await person.call("PATCH", "/me", { [field]: "administrator" })).status).toBe(422);
    await person.call("POST", "/api/auth/update-user", { name: "M", role: "administrator" });
    expect((await person.call("GET", "/admin")).status).toBe(404);
  });

  it("for everyone else the console does not exist", async () => {
    const person = await test.signUp("Someone");
    for (const path of [
      "/admin",
      "/admin/people",
      "/admin/log",
      `/admin/people/${admin.id}`,
      "/admin/failed-jobs",
    ]) {
      expect((await person.call("GET", path)).problem().code).toBe("not_found");
      expect((await test.visitor("GET", path)).problem().code).toBe("unauthenticated");
    }
    expect((await person.call("POST", `/admin/people/${admin.id}/suspend`, { reason })).status).toBe(404);
  });

  it("needs two-factor sign-in, and a login that has passed it", async () => {
    const { owner } = test.db;
    const person = await test.signUp("New administrator");
    await changeAdministrator(owner, person.email, "grant");
    expect((await person.call("GET", "/admin")).json).toEqual({ state: "needs_two_factor" });
    expect((await person.call("GET", "/admin/people")).problem().code).toBe("two_factor_required");
    await turnOnTwoFactor(test.db.owner, person.id);
    await owner.query("update auth.two_factors set created_at = now() where user_id = $1", [person.id]);
    expect((await person.call("GET", "/admin")).json).toEqual({ state: "needs_new_login" });
    expect((await person.call("GET", "/admin/people")).problem().code).toBe("two_factor_required");
    await owner.query(
      "update auth.two_factors set created_at = now() - interval '1 day' where user_id = $1",
      [person.id],
    );
    expect((await person.call("GET", "/admin")).json).toEqual({ state: "ready" });
    await changeAdministrator(owner, person.email, "revoke");
    expect((await person.call("GET", "/admin")).status).toBe(404);
  });

  it("twin: the database checks by itself, also if the route's check is gone", async () => {
    const person = await test.signUp("Mallory");
    const login = await test.db.owner.query("select id from auth.sessions where user_id = $1", [person.id]);
    const call = test.db.database.asSystem("an attack", person.id, ({ client }) =>
      client.query("select * from private.admin_people($1, 'r', '', null, 10)", [login.rows[0].id]),
    );
    await expect(call).rejects.toMatchObject({ code: "42501" });
    // Another person's login does not help either.
    const theirs = await test.db.owner.query("select id from auth.sessions where user_id = $1", [admin.id]);
    const again = test.db.database.asSystem("an attack", person.id, ({ client }) =>
      client.query("select * from private.suspend_person($1, 'r', $2, 'x')", [theirs.rows[0].id, admin.id]),
    );
    await expect(again).rejects.toMatchObject({ code: "42501" });
  });
});

describe("the log", () => {
  it("is append-only, also for its owner", async () => {
    for (const statement of [
      "update private.admin_log set reason = 'x'",
      "delete from private.admin_log",
      "truncate private.admin_log",
    ])
      await expect(test.db.owner.query(statement)).rejects.toMatchObject({ code: "42501" });
  });

  it("has who read what about whom, with the request's id, and never what was searched for", async () => {
    const person = await test.signUp("Asha Devi");
    const search = await admin.call("GET", `/admin/people?q=${person.email}`);
    expect(
      search
        .expect(200)
        .read(adminPeople)
        .data.map(({ id }) => id),
    ).toEqual([person.id]);
    (await admin.call("GET", `/admin/people/${person.id}`)).expect(200).read(adminPerson);
    const [viewed] = await readLog(`person_id=${person.id}`);
    expect(viewed).toMatchObject({ action: "person_viewed", actor_id: admin.id, subject_name: "Asha Devi" });
    expect(viewed?.request_id).toBeTruthy();
    const [searched] = await readLog("action=people_searched");
    expect(JSON.stringify(searched)).not.toContain(person.email);
  });

  it("has pages", async () => {
    const first = (await admin.call("GET", "/admin/log?limit=2")).read(adminLog);
    const next = (await admin.call("GET", `/admin/log?limit=2&cursor=${first.next_cursor}`)).read(adminLog);
    expect(Number(next.data[0]?.id)).toBeLessThan(Number(first.data[1]?.id));
    expect((await admin.call("GET", "/admin/log?cursor=x")).status).toBe(422);
  });

  it("a refused action changes nothing and leaves no entry", async () => {
    const before = (await readLog()).length;
    expect((await admin.call("POST", `/admin/people/${admin.id}/suspend`, { reason })).problem().code).toBe(
      "account_state_changed",
    );
    expect(
      (await admin.call("POST", "/admin/people/00000000-0000-4000-8000-000000000000/suspend", { reason }))
        .status,
    ).toBe(404);
    expect((await readLog()).length).toBe(before);
  });
});

describe("people", () => {
  it("are found by parts of the name, the username and the id, in pages; wildcards are letters", async () => {
    const mentor = await test.makeMentor({ name: "Zara 100%_sure" });
    const find = async (q: string) =>
      (await admin.call("GET", `/admin/people?q=${encodeURIComponent(q)}`)).expect(200).read(adminPeople)
        .data;
    for (const q of ["zara 100", "100%_", mentor.profile.username, mentor.id])
      expect((await find(q)).map(({ id }) => id)).toEqual([mentor.id]);
    expect(await find("100__sure")).toEqual([]);
    const page = (await admin.call("GET", "/admin/people?limit=1")).read(adminPeople);
    const next = (await admin.call("GET", `/admin/people?limit=1&cursor=${page.next_cursor}`)).read(
      adminPeople,
    );
    expect(next.data[0]?.id).not.toBe(page.data[0]?.id);
  });

  it("a mentor is verified, until the name changes", async () => {
    const mentor = await test.makeMentor();
    const isVerified = async () =>
      ((await test.visitor("GET", `/mentors/${mentor.id}`)).json as { verified: boolean }).verified;
    (await admin.call("PUT", `/admin/people/${mentor.id}/verified`, { verified: true })).expect(204);
    expect(await isVerified()).toBe(true);
    (await mentor.call("PATCH", "/mentors/me", { bio: "Still me." })).expect(200);
    expect(await isVerified()).toBe(true);
    (await mentor.call("PATCH", "/mentors/me", { full_name: "Somebody Famous" })).expect(200);
    expect(await isVerified()).toBe(false);
    const [student] = await test.signUpCrowd(1);
    expect(
      (await admin.call("PUT", `/admin/people/${student?.id}/verified`, { verified: true })).status,
    ).toBe(404);
  });
});

describe("a suspended mentor", () => {
  let mentor: Mentor;
  let student: Person;
  beforeEach(async () => {
    mentor = await test.makeMentor();
    [student] = (await test.signUpCrowd(1)) as [Person];
  });

  it("is not shown, not offered and not bookable, at once and in every cache; and comes back", async () => {
    const [slot] = await readSlots(test.visitor, mentor, { to: dateIn(mentor, 7) });
    const path = `/mentors/${mentor.id}`;
    (await student.call("PUT", `/me/favourites/${mentor.id}`)).expect(204);
    (await suspend(mentor)).expect(204);
    expect((await askSlots(test.visitor, mentor, { to: dateIn(mentor, 7) })).status).toBe(404);
    expect((await test.visitor("GET", path)).status).toBe(404);
    expect((await test.visitor("GET", `/mentors/${mentor.profile.username}`)).status).toBe(404);
    expect((await test.visitor("GET", "/mentors?q=asha&limit=100")).text).not.toContain(mentor.id);
    expect((await student.call("GET", "/me/favourites")).text).not.toContain(mentor.id);
    const refused = await student.call("POST", "/bookings", {
      expert_id: mentor.id,
      session_type: "oneOnOneSession",
      scheduled_date: slot?.date,
      scheduled_time: slot?.time,
      duration: 60,
      total_amount: 2000,
    });
    expect([404, 422]).toContain(refused.status);
    const [other] = (await test.signUpCrowd(1)) as [Person];
    expect((await other.call("PUT", `/me/favourites/${mentor.id}`)).status).toBe(404);
    (await lift(mentor)).expect(204);
    expect((await test.visitor("GET", path)).status).toBe(200);
    expect((await readSlots(test.visitor, mentor, { to: dateIn(mentor, 7) }))[0]?.starts_at).toBe(
      slot?.starts_at,
    );
  });

  it("keeps agreed sessions: the student still sees and can move or cancel them", async () => {
    const { id } = await bookAny(student, mentor);
    (await mentor.call("POST", `/bookings/${id}/confirm`)).expect(200);
    (await suspend(mentor)).expect(204);
    expect((await mentor.call("GET", "/me")).status).toBe(401);
    const shown = (await student.call("GET", `/bookings/${id}`)).expect(200).json;
    expect(shown).toMatchObject({ status: "confirmed", mentor: { full_name: mentor.name } });
    (await student.call("POST", `/bookings/${id}/cancel`)).expect(200);
  });

  it("no booking is made after the suspension, however many come at the same moment", async () => {
    const slots = await readSlots(test.visitor, mentor, { to: dateIn(mentor, 7) });
    const students = await test.signUpCrowd(12);
    const wishes = students.map((one, index) =>
      one.call("POST", "/bookings", {
        expert_id: mentor.id,
        session_type: "oneOnOneSession",
        scheduled_date: slots[index * 4]?.date,
        scheduled_time: slots[index * 4]?.time,
        duration: 60,
        total_amount: 2000,
      }),
    );
    const suspended = suspend(mentor);
    const answers = await Promise.all(wishes);
    (await suspended).expect(204);
    for (const { status } of answers) expect([201, 404, 422]).toContain(status);
    const { rows } = await test.db.owner.query<{ late: number; all: number }>(
      `select count(*) filter (where b.created_at > c.since)::int as late, count(*)::int as all
       from bookings b, private.closed_accounts c where b.expert_id = $1 and c.user_id = $1`,
      [mentor.id],
    );
    expect(rows[0]?.all).toBe(answers.filter(({ status }) => status === 201).length);
  });

  it("twin: without the check in the database, a booking that was judged before would pass", async () => {
    const [slot] = await readSlots(test.visitor, mentor, { to: dateIn(mentor, 7) });
    await test.db.owner.query("update expert_profiles set hidden_because = 'suspended' where id = $1", [
      mentor.id,
    ]);
    const insert = () =>
      test.db.database.asSystem("a booking judged before", student.id, ({ client }) =>
        client.query(
          `insert into bookings (user_id, expert_id, session_type, scheduled_date, scheduled_time, duration, status)
           values ($1, $2, 'oneOnOneSession', $3, $4, 60, 'confirmed')`,
          [student.id, mentor.id, slot?.date, slot?.time],
        ),
      );
    await expect(insert()).rejects.toMatchObject({ constraint: "mentors_open" });
    await test.db.owner.query("update expert_profiles set hidden_because = null where id = $1", [mentor.id]);
    await insert();
  });
});

describe("a suspended person", () => {
  it("is signed out, cannot sign in, and gets a mail with the reason", async () => {
    const person = await test.signUp("Ravi Kumar");
    (await suspend(person)).expect(204);
    expect((await person.call("GET", "/me")).status).toBe(401);
    const signIn = () => test.visitor("POST", "/api/auth/sign-in/email", { email: person.email, password });
    expect((await signIn()).problem().code).toBe("account_closed");
    const wrong = await test.visitor("POST", "/api/auth/sign-in/email", {
      email: person.email,
      password: "not this",
    });
    expect(wrong.problem().code).toBe("invalid_credentials");
    const { rows } = await test.db.owner.query(
      "select content from private.deliveries where kind = 'account_suspended' and user_id = $1",
      [person.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].content.facts.reason).toBe(reason);
    const shown = (await admin.call("GET", `/admin/people/${person.id}`)).read(adminPerson);
    expect(shown).toMatchObject({ closed: "suspended", closed_reason: reason, logins: 0 });
    expect((await suspend(person)).problem().code).toBe("account_state_changed");
    (await lift(person)).expect(204);
    (await signIn()).expect(200);
    expect((await lift(person)).problem().code).toBe("account_state_changed");
  });

  it("books nothing, also with a login that another process still knows", async () => {
    const mentor = await test.makeMentor();
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const [slot] = await readSlots(person.call, mentor, { to: dateIn(mentor, 7) });
    await test.db.owner.query("insert into private.closed_accounts (user_id, why) values ($1, 'suspended')", [
      person.id,
    ]);
    await expect(book(person, mentor, slot?.starts_at ?? "")).rejects.toThrow(/account_closed|403/);
  });

  it("needs a reason", async () => {
    const person = await test.signUp("Ravi Kumar");
    expect((await admin.call("POST", `/admin/people/${person.id}/suspend`, { reason: " " })).status).toBe(
      422,
    );
    expect((await admin.call("POST", `/admin/people/${person.id}/suspend`, {})).status).toBe(422);
  });
});

describe("undelivered mail", () => {
  it("is listed and sent again, once", async () => {
    const person = await test.signUp("Ravi Kumar");
    const { rows } = await test.db.owner.query(
      `insert into private.deliveries (channel, user_id, kind, occasion, content, is_urgent, expires_at, state, ended_at, last_error)
       values ('email', $1, 'booking_booked', 'o', '{"a":1}', false, now(), 'undeliverable', now(), '550 no such user') returning id`,
      [person.id],
    );
    const list = (await admin.call("GET", "/admin/undelivered-mail")).expect(200).read(undeliveredMail);
    expect(list.data[0]).toMatchObject({
      id: rows[0].id,
      address: person.email,
      last_error: "550 no such user",
    });
    (await admin.call("POST", `/admin/undelivered-mail/${rows[0].id}/send`)).expect(204);
    expect((await admin.call("POST", `/admin/undelivered-mail/${rows[0].id}/send`)).status).toBe(404);
    expect((await admin.call("GET", "/admin/undelivered-mail")).read(undeliveredMail).data).toEqual([]);
    expect((await readLog("action=mail_sent_again"))[0]).toMatchObject({ subject_id: person.id });
  });
});

describe("failed jobs", () => {
  it("are listed, run again and given up", async () => {
    const { owner } = test.db;
    await allowQueue(test.db);
    const fail = async (attempts: number) => {
      const { rows } = await owner.query(
        "select id from graphile_worker.add_job('delete_account', json_build_object('user_id', gen_random_uuid()), max_attempts => 3)",
      );
      await owner.query(
        "update graphile_worker._private_jobs set attempts = $2, last_error = 'It broke.' where id = $1",
        [rows[0].id, attempts],
      );
      return String(rows[0].id);
    };
    const [dead, retrying] = [await fail(3), await fail(1)];
    const list = (await admin.call("GET", "/admin/failed-jobs")).expect(200).read(failedJobs);
    expect(list.data.map(({ id }) => id)).toEqual([retrying, dead]);
    expect(list.data[1]).toMatchObject({
      task: "delete_account",
      attempts: 3,
      max_attempts: 3,
      last_error: "It broke.",
    });
    (await admin.call("POST", `/admin/failed-jobs/${dead}/run`)).expect(204);
    const { rows } = await owner.query("select attempts from graphile_worker._private_jobs where id = $1", [
      dead,
    ]);
    expect(rows).toEqual([{ attempts: 0 }]);
    (await admin.call("POST", `/admin/failed-jobs/${retrying}/give-up`)).expect(204);
    expect((await admin.call("POST", `/admin/failed-jobs/${retrying}/give-up`)).status).toBe(404);
    expect((await readLog("action=job_given_up"))[0]?.details).toMatchObject({
      task: "delete_account",
      job_id: Number(retrying),
    });
  });
});
