import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bookingLink } from "#contract/bookings.ts";
import { deletionPreview } from "#contract/personalData.ts";
import { accountDeletedReason, deletedPerson } from "#words/personalData.ts";
import { book, bookAny, bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { ledgerFaults } from "../testing/ledger.ts";
import { callWith, openTestApp, type Person, password, type TestApp } from "../testing/testApp.ts";
import { type DeletionSizes, goOnWithDeletion } from "./deletion.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const ask = ({ call }: Person, body: unknown = { confirmed: true }) => call("POST", "/me/delete", body);
const small: DeletionSizes = { cancelled: 3, erased: 5, patience: 0 };
const goOn = (id: string, rest = async () => {}, sizes = small) =>
  goOnWithDeletion(test.db.database, id, rest, sizes);
const crowd = async (count: number) => test.signUpCrowd(count);
const stepOf = async (id: string) =>
  (await test.db.owner.query("select step from private.closed_accounts where user_id = $1", [id])).rows[0]
    ?.step;

describe("asking for it", () => {
  it("needs the password, and the person's word", async () => {
    const person = await test.signUp("Asha Devi");
    expect((await ask(person)).problem().errors?.[0]?.field).toBe("password");
    expect((await ask(person, { confirmed: true, password: "not this one" })).status).toBe(422);
    expect((await ask(person, { confirmed: false, password })).problem().errors?.[0]?.field).toBe(
      "confirmed",
    );
    expect((await ask(person, { password })).status).toBe(422);
    expect((await person.call("GET", "/me")).status).toBe(200);
    expect((await person.call("GET", "/me/deletion")).json).toMatchObject({ proof: "password" });
    (await ask(person, { confirmed: true, password })).expect(202);
  });

  it("without a password needs a login that is new", async () => {
    const [person] = (await crowd(1)) as [Person];
    const age = "update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1";
    await test.db.owner.query(age, [person.id]);
    expect((await ask(person)).problem().code).toBe("proof_required");
    await test.db.owner.query("update auth.sessions set proved_at = now() where user_id = $1", [person.id]);
    (await ask(person)).expect(202);
  });

  it("shows before what would happen", async () => {
    const mentor = await test.makeMentor();
    const [student] = (await crowd(1)) as [Person];
    await bookAny(student, mentor);
    const shown = (await mentor.call("GET", "/me/deletion")).expect(200).read(deletionPreview);
    expect(shown).toMatchObject({ sessions: 1, time_requests: 0, has_mentor_page: true });
    expect(shown.next_sessions).toHaveLength(1);
  });

  it("signs out everywhere, ends links and feeds, hides the page, and mails once, also when asked twice at once", async () => {
    const mentor = await test.makeMentor();
    const [student] = (await crowd(1)) as [Person];
    const { id } = await bookAny(student, mentor);
    const { url } = (await mentor.call("POST", `/bookings/${id}/link`)).read(bookingLink);
    const holder = callWith(test.app, { "booking-link": url.split("#")[1] ?? "" });
    (await holder("GET", `/bookings/${id}`)).expect(200);
    const answers = await Promise.all([ask(mentor), ask(mentor), ask(mentor)]);
    for (const { status } of answers) expect([202, 401, 403]).toContain(status);
    expect((await mentor.call("GET", "/me")).status).toBe(401);
    expect((await holder("GET", `/bookings/${id}`)).problem().code).toBe("link_invalid");
    expect((await test.visitor("GET", `/mentors/${mentor.profile.username}`)).status).toBe(404);
    const { rows } = await test.db.owner.query(
      "select from private.deliveries where kind = 'account_deleted' and address = $1",
      [mentor.email],
    );
    expect(rows).toHaveLength(1);
  });
});

describe("the job", () => {
  async function busyMentor(students: number) {
    const mentor = await test.makeMentor();
    const people = await crowd(students);
    const slots = await readSlots(test.visitor, mentor, { to: dateIn(mentor, 30), duration: 30 });
    await Promise.all(
      people.map(async (one, index) =>
        book(one, mentor, slots[index * 2]?.starts_at ?? "", { duration: 30 }),
      ),
    );
    return { mentor, people };
  }

  it("cancels hundreds of sessions in slices, each with its message, and frees the time", async () => {
    const { mentor, people } = await busyMentor(160);
    (await ask(mentor)).expect(202);
    let slices = 0;
    await goOn(
      mentor.id,
      async () => {
        slices++;
      },
      { ...small, cancelled: 50, patience: 60_000 },
    );
    expect(slices).toBeGreaterThan(4);
    await runJobs(test.db);
    await goOn(mentor.id);
    const { rows } = await test.db.owner.query(
      `select b.status, b.occupancy_id, e.reason, e.actor from bookings b join booking_events e on e.booking_id = b.id
       where b.expert_id = $1 and e.to_status = 'cancelled'`,
      [mentor.id],
    );
    expect(rows).toHaveLength(160);
    expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(
      new Set([
        JSON.stringify({
          status: "cancelled",
          occupancy_id: null,
          reason: accountDeletedReason,
          actor: "mentor",
        }),
      ]),
    );
    const inbox = (await people[7]!.call("GET", "/notifications")).expect(200).text;
    expect(inbox).toContain(accountDeletedReason);
    expect(await ledgerFaults(test.db.owner)).toEqual([]);
  });

  it("goes on where it was killed, at every step; twice at once does no harm", async () => {
    const { mentor } = await busyMentor(8);
    (await ask(mentor)).expect(202);
    for (let left = 1; left < 40 && (await stepOf(mentor.id)) !== "forgetting"; left++) {
      let count = 0;
      const dies = async () => {
        if (++count === left) throw new Error("killed");
      };
      await Promise.allSettled([goOn(mentor.id, dies), goOn(mentor.id, dies)]);
    }
    expect(await stepOf(mentor.id)).toBe("forgetting");
    const { rows } = await test.db.owner.query(
      `select count(*)::int as events, count(distinct booking_id)::int as bookings from booking_events
       where expert_id = $1 and to_status = 'cancelled'`,
      [mentor.id],
    );
    expect(rows).toEqual([{ events: 8, bookings: 8 }]);
    const page = await test.db.owner.query("select full_name, listed from expert_profiles where id = $1", [
      mentor.id,
    ]);
    expect(page.rows).toEqual([{ full_name: deletedPerson, listed: false }]);
  });

  it("waits for the last mail before it forgets the address", async () => {
    const person = await test.signUp("Asha Devi");
    (await ask(person, { confirmed: true, password })).expect(202);
    expect(await goOn(person.id)).toBe(30_000);
    expect(await stepOf(person.id)).toBe("forgetting");
    await test.db.owner.query(
      "update private.deliveries set state = 'sent', ended_at = now() where address = $1",
      [person.email],
    );
    expect(await goOn(person.id)).toBeUndefined();
    const { rows } = await test.db.owner.query(
      "select address, finished_at from private.closed_accounts where user_id = $1",
      [person.id],
    );
    expect(rows[0]).toMatchObject({ address: null, finished_at: expect.any(Date) });
    const mails = await test.db.owner.query("select from private.deliveries where address = $1", [
      person.email,
    ]);
    expect(mails.rowCount).toBe(0);
  });

  it("waits until the other side has the message, with the name that they know", async () => {
    const mentor = await test.makeMentor({ name: "Ravi Kumar" });
    const [student] = (await crowd(1)) as [Person];
    await bookAny(student, mentor);
    (await ask(mentor)).expect(202);
    expect(await goOn(mentor.id, undefined, { ...small, patience: 60_000 })).toBeGreaterThan(0);
    expect(await stepOf(mentor.id)).toBe("notifying");
    await runJobs(test.db);
    const { rows } = await test.db.owner.query(
      "select content from private.deliveries where user_id = $1 and kind = 'booking_declined'",
      [student.id],
    );
    expect(rows[0].content.facts.counterpart).toBe("Ravi Kumar");
  });

  it("does nothing to a person who has not asked for it", async () => {
    const [person] = (await crowd(1)) as [Person];
    expect(await goOn(person.id)).toBeUndefined();
    const call = (text: string) =>
      test.db.database.asSystem("an attack", null, ({ client }) => client.query(text, [person.id]));
    for (const text of [
      "select private.erase_person($1, 'x', 'y', 10)",
      "select private.end_wishes($1, 'y', 10)",
      "select private.cancel_upcoming($1, $1, 'y', 10)",
    ])
      await expect(call(text)).rejects.toMatchObject({ code: "42501" });
  });
});

it("what is booked at the same moment is refused, or cancelled", async () => {
  const mentor = await test.makeMentor();
  const slots = await readSlots(test.visitor, mentor, { to: dateIn(mentor, 7) });
  for (let round = 0; round < 4; round++) {
    const [student] = (await crowd(1)) as [Person];
    const wishes = [0, 1, 2, 3].map((index) =>
      student.call("POST", "/bookings", bookingOf(mentor, slots[(round * 4 + index) * 2]?.starts_at ?? "")),
    );
    const asked = ask(student);
    const answers = await Promise.all(wishes);
    (await asked).expect(202);
    for (const { status } of answers) expect([201, 401, 403]).toContain(status);
    await goOn(student.id);
    const { rows } = await test.db.owner.query(
      "select count(*)::int as left from bookings where user_id = $1 and status <> 'cancelled'",
      [student.id],
    );
    expect(rows).toEqual([{ left: 0 }]);
  }
});
