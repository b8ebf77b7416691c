import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { type Actor, app, attempt, book, changeStatus, denied, signedIn, visitor } from "./actor.ts";
import {
  forgetBookings,
  insertInto,
  mentor,
  otherMentor,
  otherStudent,
  plantWorld,
  stranger,
  student,
  type Values,
} from "./world.ts";

const room = "https://meet.example.com/asha";
const ownLink = "https://meet.example.com/just-this-one";
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
});
afterEach(async () => {
  await forgetBookings(db.owner);
  await db.owner.query("delete from public.mentor_rooms");
});
afterAll(() => db.drop());

const trial = (who: Actor, text: string, keep = false) => attempt(db.owner, who, text, { keep });
const setRoom = (who: Actor, row: Values = {}, keep = false) =>
  attempt(
    db.owner,
    who,
    insertInto("public.mentor_rooms", { expert_id: mentor, meeting_url: room, ...row }),
    { keep },
  );
const meetAt = (who: Actor, id: string, url: string | null, note: string | null = null) =>
  attempt(
    db.owner,
    who,
    {
      text: "select id from public.set_booking_meeting(private.mentor_of_booking($1), $1, $2, $3)",
      values: [id, url, note],
    },
    { keep: true },
  );

/** A confirmed booking, moved past every rule so that it ended some hours ago. */
async function agreed(endedHoursAgo?: number, changes: Values = {}): Promise<string> {
  const { id } = await book(db.owner, changes);
  await changeStatus(db.owner, signedIn(mentor), id, "confirmed");
  if (endedHoursAgo !== undefined) {
    await db.owner.query("set session_replication_role = replica");
    await db.owner.query(
      `update public.bookings set starts_at = now() - $2::interval - duration * interval '1 minute',
         ends_at = now() - $2::interval where id = $1`,
      [id, `${endedHoursAgo} hours`],
    );
    await db.owner.query("reset session_replication_role");
  }
  return id;
}

async function meetingOf(id: string) {
  const { rows } = await db.owner.query<{ meeting_url: string; meeting_note: string; revision: number }>(
    "select meeting_url, meeting_note, revision from public.bookings where id = $1",
    [id],
  );
  return rows[0];
}

describe("a mentor's room", () => {
  const readers: [string, Actor, string][] = [
    ["its mentor", signedIn(mentor), "1 row"],
    ["a student", signedIn(student), "0 rows"],
    ["another mentor", signedIn(otherMentor), "0 rows"],
    ["the app for a student", app(student), "0 rows"],
    ["a visitor", visitor, denied],
    ["the accounts library", { role: "matepeak_auth" }, denied],
    ["Supabase's service role without its bypass", { role: "service_role" }, denied],
  ];
  it.each(readers)(
    "is shown to %s without an agreed session: only to its mentor",
    async (_, who, outcome) => {
      await setRoom(signedIn(mentor), {}, true);
      await book(db.owner);
      expect(await trial(who, "select * from public.mentor_rooms")).toBe(outcome);
    },
  );

  it("is shown only to a student, from the confirmation until a day after the end", async () => {
    await setRoom(signedIn(mentor), {}, true);
    const look = "select * from public.mentor_rooms";
    const id = await agreed();
    expect(await trial(signedIn(student), look)).toBe("1 row");
    expect(await trial(app(student), look)).toBe("1 row");
    expect(await trial(signedIn(otherStudent), look)).toBe("0 rows");
    await changeStatus(db.owner, signedIn(student), id, "cancelled");
    expect(await trial(signedIn(student), look)).toBe("0 rows");
    await agreed(23);
    expect(await trial(signedIn(student), look)).toBe("1 row");
    await forgetBookings(db.owner);
    await agreed(25);
    expect(await trial(signedIn(student), look)).toBe("0 rows");
  });

  it("is set, changed and given up by its mentor alone", async () => {
    for (const who of [signedIn(student), signedIn(otherMentor), app(mentor), visitor]) {
      expect(await setRoom(who)).toBe(denied);
    }
    expect(await setRoom(signedIn(stranger), { expert_id: stranger })).toBe(
      "23503 mentor_rooms_expert_id_fkey",
    );
    expect(await setRoom(signedIn(mentor), { meeting_note: "Passcode 1234" }, true)).toBe("1 row");
    await agreed();
    const change = `update public.mentor_rooms set meeting_url = '${ownLink}'`;
    const giveUp = "delete from public.mentor_rooms";
    for (const who of [signedIn(student), signedIn(otherMentor)]) {
      expect(await trial(who, change)).toBe("0 rows");
      expect(await trial(who, giveUp)).toBe("0 rows");
    }
    expect(await trial(signedIn(mentor), `update public.mentor_rooms set expert_id = '${otherMentor}'`)).toBe(
      denied,
    );
    expect(await trial(signedIn(mentor), change)).toBe("1 row");
    expect(await trial(signedIn(mentor), giveUp)).toBe("1 row");
  });

  it.each([
    "http://meet.example.com/asha",
    "javascript:alert(1)",
    "https://",
    "https://asha@meet.example.com",
    "https://good.example\\@evil.example/",
    "https://meet.example.com/a b",
    "https://meet.example.com/\u202e",
    "https:meet.example.com",
  ])("has no address such as %s, nor has a session", async (meeting_url) => {
    expect(await setRoom(signedIn(mentor), { meeting_url })).toBe("23514 mentor_rooms_meeting_url_form");
    expect(await meetAt(signedIn(mentor), await agreed(), meeting_url)).toBe(
      "23514 bookings_meeting_url_form",
    );
  });

  it("keeps addresses and notes short", async () => {
    const long = `https://meet.example.com/${"x".repeat(500)}`;
    expect(await setRoom(signedIn(mentor), { meeting_url: long })).toBe(
      "23514 mentor_rooms_meeting_url_length",
    );
    expect(await setRoom(signedIn(mentor), { meeting_note: "x".repeat(201) })).toBe(
      "23514 mentor_rooms_meeting_note_length",
    );
    const id = await agreed();
    expect(await meetAt(signedIn(mentor), id, long)).toBe("23514 bookings_meeting_url_length");
    expect(await meetAt(signedIn(mentor), id, room, "x".repeat(201))).toBe(
      "23514 bookings_meeting_note_length",
    );
    expect(await meetAt(signedIn(mentor), id, null, "A note on nothing")).toBe(
      "23514 bookings_meeting_note_has_url",
    );
  });
});

describe("a session's own link", () => {
  it("is set and taken back by its mentor, and counts as a change of the session", async () => {
    const id = await agreed();
    expect(await meetAt(signedIn(mentor), id, ownLink, "Passcode 9")).toBe("1 row");
    expect(await meetingOf(id)).toEqual({ meeting_url: ownLink, meeting_note: "Passcode 9", revision: 2 });
    expect(await meetAt(signedIn(mentor), id, null)).toBe("1 row");
    expect(await meetingOf(id)).toEqual({ meeting_url: null, meeting_note: null, revision: 3 });
    await setRoom(signedIn(mentor), {}, true);
    expect(await meetingOf(id)).toMatchObject({ revision: 3 });
  });

  it("can be set by no one else", async () => {
    const id = await agreed();
    expect(await meetAt(signedIn(student), id, ownLink)).toBe(denied);
    for (const who of [signedIn(otherStudent), signedIn(otherMentor)]) {
      expect(await meetAt(who, id, ownLink)).toBe("0 rows");
    }
    for (const who of [visitor, app(mentor)]) expect(await meetAt(who, id, ownLink)).toBe(denied);
    for (const who of [signedIn(mentor), signedIn(student), app(mentor)]) {
      expect(await trial(who, `update public.bookings set meeting_url = '${ownLink}'`)).toBe(denied);
    }
  });

  it("is not there before the session is agreed, once it is over, and after it is called off", async () => {
    const pending = await book(db.owner);
    const early = "23514 bookings_step_allowed";
    expect(await meetAt(signedIn(mentor), pending.id, ownLink)).toBe(early);
    const over = await agreed(1, { scheduled_time: "14:00" });
    expect(await meetAt(signedIn(mentor), over, ownLink)).toBe(early);
    const id = await agreed(undefined, { scheduled_time: "16:00" });
    expect(await meetAt(signedIn(mentor), id, ownLink, "Passcode 9")).toBe("1 row");
    await changeStatus(db.owner, signedIn(student), id, "cancelled");
    expect(await meetingOf(id)).toMatchObject({ meeting_url: null, meeting_note: null });
    expect(await meetAt(signedIn(mentor), id, ownLink)).toBe(early);
  });

  it("could not be hidden from a student's plain select otherwise: the constraint is what keeps it away", async () => {
    const { id } = await book(db.owner);
    const slip = `update public.bookings set meeting_url = '${ownLink}' where id = '${id}'`;
    await expect(db.owner.query(slip)).rejects.toMatchObject({ constraint: "bookings_meeting_is_agreed" });
    await db.owner.query("begin");
    await db.owner.query("alter table public.bookings drop constraint bookings_meeting_is_agreed");
    await db.owner.query(slip);
    await db.owner.query(
      `set local role authenticated; set local request.jwt.claims = '{"sub":"${student}"}'`,
    );
    const { rows } = await db.owner.query("select meeting_url from public.bookings");
    expect(rows).toEqual([{ meeting_url: ownLink }]);
    await db.owner.query("rollback");
  });
});
