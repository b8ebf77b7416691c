import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rewriteFunction } from "../../server/testing/rewriteFunction.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { type Actor, app, attempt, book, denied, signedIn, visitor } from "./actor.ts";
import {
  insertInto,
  mentor,
  otherMentor,
  otherStudent,
  plantWorld,
  stranger,
  student,
  type Values,
} from "./world.ts";

let db: TestDatabase;
let held: string;
let hour = 0;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
});
afterAll(() => db.drop());

/** A session that took place, each at another hour. */
async function heldBooking(user_id = student, user_name = "Meera Devi Shah"): Promise<string> {
  const scheduled_date = `2041-01-${String((hour % 28) + 1).padStart(2, "0")}`;
  const scheduled_time = `${String(6 + Math.floor(hour++ / 28)).padStart(2, "0")}:00`;
  const { id } = await book(db.owner, { user_id, scheduled_date, scheduled_time, user_name });
  await db.owner.query("set session_replication_role = replica");
  await db.owner.query(
    `update bookings set status = 'completed', expires_at = null, starts_at = starts_at - interval '30 years',
       ends_at = ends_at - interval '30 years' where id = $1`,
    [id],
  );
  await db.owner.query("reset session_replication_role");
  return id;
}
beforeEach(async () => {
  await db.owner.query("delete from reviews");
  held = await heldBooking();
});

const trial = (who: Actor, text: string) => attempt(db.owner, who, text);
const write = (who: Actor, row: Values, keep = false) =>
  attempt(db.owner, who, insertInto("public.reviews", { expert_id: mentor, ...row }), { keep });
const keep = (who: Actor, row: Values) => write(who, row, true);
const figures = async () => {
  const { rows } = await db.owner.query<{ rating: number | null; review_count: number }>(
    "select rating, review_count from expert_profiles where id = $1",
    [mentor],
  );
  return rows[0];
};

describe("a review", () => {
  it("is written only by the student of a session that took place", async () => {
    const row = { booking_id: held, rating: 5, comment: "Very helpful." };
    expect(await write(signedIn(student), row)).toBe("1 row");
    for (const who of [otherStudent, mentor, otherMentor, stranger]) {
      expect(await write(signedIn(who), row)).toBe(denied);
    }
    expect(await write(visitor, row)).toBe(denied);
    expect(await write(app(student), row)).toBe(denied);
    const open = await book(db.owner, { scheduled_date: "2042-02-02" });
    expect(await write(signedIn(student), { ...row, booking_id: open.id })).toBe(denied);
  });

  it("is one of each session", async () => {
    const row = { booking_id: held, rating: 5 };
    expect(await keep(signedIn(student), row)).toBe("1 row");
    expect(await write(signedIn(student), row)).toBe("23505 reviews_booking_id_key");
  });

  it("has one to five stars and words that are some", async () => {
    const of = (change: Values) => write(signedIn(student), { booking_id: held, rating: 3, ...change });
    expect(await of({ rating: 0 })).toBe("23514 reviews_rating_range");
    expect(await of({ rating: 6 })).toBe("23514 reviews_rating_range");
    expect(await of({ comment: "" })).toBe("23514 reviews_comment_length");
    expect(await of({ comment: "x".repeat(2001) })).toBe("23514 reviews_comment_length");
  });

  it.each([
    ["user_id", otherStudent],
    ["expert_id", otherMentor],
    ["author", "Somebody Famous"],
    ["created_at", "2020-01-01"],
    ["session_month", "2020-01-01"],
  ])("does not let its student say %s", async (column, value) => {
    expect(await write(signedIn(student), { booking_id: held, rating: 5, [column]: value })).toBe(denied);
    await keep(signedIn(student), { booking_id: held, rating: 5 });
    expect(await trial(signedIn(student), `update reviews set ${column} = '${value}'`)).toBe(denied);
  });

  it("shows only the author's first name and initial", async () => {
    await keep(signedIn(student), { booking_id: held, rating: 5 });
    await keep(signedIn(otherStudent), {
      booking_id: await heldBooking(otherStudent, "  Madonna "),
      rating: 4,
    });
    const { rows } = await db.owner.query("select author from reviews order by rating desc");
    expect(rows).toEqual([{ author: "Meera S." }, { author: "Madonna" }]);
    for (const who of [visitor, signedIn(stranger)]) {
      expect(await trial(who, "select author, rating, comment from reviews")).toBe("2 rows");
      expect(await trial(who, "select user_id from reviews")).toBe(denied);
      expect(await trial(who, "select booking_id from reviews")).toBe(denied);
    }
  });

  it("is changed and taken back by its student alone, and changed for fourteen days", async () => {
    await keep(signedIn(student), { booking_id: held, rating: 5 });
    const change = "update reviews set rating = 1, comment = 'No.'";
    for (const statement of [change, "delete from reviews"]) {
      expect(await trial(signedIn(student), statement)).toBe("1 row");
      for (const who of [otherStudent, mentor, stranger]) {
        expect(await trial(signedIn(who), statement)).toBe("0 rows");
      }
      expect(await trial(visitor, statement)).toBe(denied);
    }
    await db.owner.query("update reviews set created_at = now() - interval '14 days 1 minute'");
    expect(await trial(signedIn(student), change)).toBe("0 rows");
    expect(await trial(signedIn(student), "delete from reviews")).toBe("1 row");
  });
});

describe("a mentor's reply", () => {
  const answer = async (who: Actor, body = "Thank you.", more: Values = {}) => {
    const { rows } = await db.owner.query("select id from reviews");
    return attempt(
      db.owner,
      who,
      insertInto("public.review_replies", { review_id: rows[0].id, expert_id: mentor, body, ...more }),
    );
  };
  beforeEach(() => keep(signedIn(student), { booking_id: held, rating: 2 }));

  it("is the reviewed mentor's alone", async () => {
    expect(await answer(signedIn(mentor))).toBe("1 row");
    for (const who of [student, otherMentor, stranger]) expect(await answer(signedIn(who))).toBe(denied);
    expect(await answer(visitor)).toBe(denied);
    expect(await answer(signedIn(mentor), "")).toBe("23514 review_replies_body_length");
    expect(await answer(signedIn(mentor), "Thanks", { expert_id: otherMentor })).toBe(denied);
  });

  it("is changed by the mentor, never by the student, and goes with the review", async () => {
    await db.owner.query(
      "insert into review_replies (review_id, expert_id, body) select id, expert_id, 'Sorry.' from reviews",
    );
    const change = "update review_replies set body = 'I am not sorry.'";
    expect(await trial(signedIn(mentor), change)).toBe("1 row");
    expect(await trial(signedIn(student), change)).toBe("0 rows");
    expect(await trial(signedIn(otherMentor), "delete from review_replies")).toBe("0 rows");
    expect(await trial(signedIn(mentor), "update reviews set rating = 5")).toBe("0 rows");
    await db.owner.query("delete from reviews");
    expect((await db.owner.query("select from review_replies")).rowCount).toBe(0);
  });
});

describe("a session that is not held yet", () => {
  const behindRules = (statement: string) =>
    db.owner.query(`set session_replication_role = replica; ${statement}; reset session_replication_role`);
  const inProgress = async () => {
    const { id } = await book(db.owner, { scheduled_date: "2041-05-05" });
    await behindRules(
      `update bookings set status = 'confirmed', expires_at = null, starts_at = now() - interval '1 minute',
         ends_at = now() + interval '59 minutes' where id = '${id}'`,
    );
    return id;
  };
  const completeAndReview = async (id: string) => [
    await attempt(
      db.owner,
      signedIn(mentor),
      { text: "update bookings set status = 'completed' where id = $1", values: [id] },
      { keep: true },
    ),
    await write(signedIn(student), { booking_id: id, rating: 5 }),
  ];
  const remove = (id: string) =>
    behindRules(`delete from bookings where id = '${id}'; delete from occupancies where ends_at < '2042-01-01'
      and not exists (select from bookings b where b.occupancy_id = occupancies.id)`);

  it("is neither completed by a plain update nor reviewed by a plain insert", async () => {
    const id = await inProgress();
    expect(await completeAndReview(id)).toEqual(["23514 bookings_step_allowed", denied]);
    await remove(id);
  });

  it("would be both without the guards (twin)", async () => {
    const step = "or (new.status = 'completed' and old.ends_at > now())";
    const look = "and b.ends_at <= now()";
    await rewriteFunction(db, "private.check_booking_transition", step, "or false /* step */");
    const id = await inProgress();
    expect(await completeAndReview(id)).toEqual(["1 row", denied]);
    await rewriteFunction(db, "private.session_was_held", look, "and true /* look */");
    // The review opens with the end, so it takes a third guard.
    expect(await write(signedIn(student), { booking_id: id, rating: 5 })).toBe(denied);
    await rewriteFunction(db, "private.review_opens_at", "select b.ends_at", "select b.starts_at");
    expect(await write(signedIn(student), { booking_id: id, rating: 5 })).toBe("1 row");
    await rewriteFunction(db, "private.review_opens_at", "select b.starts_at", "select b.ends_at");
    await remove(id);
    await rewriteFunction(db, "private.check_booking_transition", "or false /* step */", step);
    await rewriteFunction(db, "private.session_was_held", "and true /* look */", look);
  });

  it("is reviewed a day after its end by a student whose address is not confirmed", async () => {
    const { id } = await book(db.owner, { scheduled_date: "2041-05-06", user_id: stranger });
    const review = () => write(signedIn(stranger), { booking_id: id, rating: 5 });
    const endedAgo = (interval: string) =>
      behindRules(
        `update bookings set status = 'completed', expires_at = null, ends_at = now() - interval '${interval}',
           starts_at = now() - interval '${interval}' - interval '1 hour' where id = '${id}'`,
      );
    await endedAgo("23 hours 59 minutes");
    expect(await review()).toBe("1 row");
    await db.owner.query("update auth.users set email_verified = false where id = $1", [stranger]);
    expect(await review()).toBe(denied);
    await endedAgo("24 hours 1 minute");
    expect(await review()).toBe("1 row");
    await db.owner.query("update auth.users set email_verified = true where id = $1", [stranger]);
  });
});

describe("a mentor's rating", () => {
  it("is set by nothing but reviews", async () => {
    for (const who of [signedIn(mentor), signedIn(student), app(mentor), visitor]) {
      expect(await trial(who, "update expert_profiles set rating = 5")).toBe(denied);
      expect(await trial(who, "update expert_profiles set review_count = 99")).toBe(denied);
    }
  });

  it("follows every review, change and withdrawal", async () => {
    expect(await figures()).toEqual({ rating: null, review_count: 0 });
    await keep(signedIn(student), { booking_id: held, rating: 5 });
    await keep(signedIn(otherStudent), { booking_id: await heldBooking(otherStudent), rating: 2 });
    await keep(signedIn(student), { booking_id: await heldBooking(), rating: 4 });
    expect(await figures()).toEqual({ rating: 3.67, review_count: 3 });
    await attempt(db.owner, signedIn(otherStudent), "update reviews set rating = 3", { keep: true });
    expect(await figures()).toEqual({ rating: 4, review_count: 3 });
    await attempt(db.owner, signedIn(student), "delete from reviews", { keep: true });
    expect(await figures()).toEqual({ rating: 3, review_count: 1 });
  });

  const race = async () => {
    const bookings: string[] = [];
    for (let seat = 0; seat < 8; seat++) bookings.push(await heldBooking());
    await Promise.all(
      bookings.map((booking_id, index) =>
        db.database.asUser(student, ({ client }) =>
          client.query("insert into reviews (booking_id, expert_id, rating) values ($1, $2, $3)", [
            booking_id,
            mentor,
            (index % 5) + 1,
          ]),
        ),
      ),
    );
    const { rows } = await db.owner.query<{ rating: number; review_count: number }>(
      "select round(avg(rating), 2) as rating, count(*)::int as review_count from reviews where expert_id = $1",
      [mentor],
    );
    return { shown: await figures(), real: rows[0] };
  };

  it("is right after reviews written at the same moment", async () => {
    for (let round = 0; round < 5; round++) {
      const { shown, real } = await race();
      expect(shown).toEqual(real);
    }
  });

  it("would go wrong without the mentor's lock (twin)", async () => {
    // Between reading the reviews and writing the figures passes a moment, as on a busy day.
    const pause = "perform pg_sleep(0.02); update public.expert_profiles";
    await rewriteFunction(db, "private.count_reviews", "update public.expert_profiles", pause);
    const locked = await race();
    expect(locked.shown).toEqual(locked.real);
    await rewriteFunction(
      db,
      "private.prepare_review",
      "perform private.lock_mentor(booking.expert_id);",
      "",
    );
    // One round may end well by luck.
    let isWrong = false;
    for (let round = 0; round < 20 && !isWrong; round++) {
      const { shown, real } = await race();
      isWrong = !isDeepStrictEqual(shown, real);
    }
    expect(isWrong).toBe(true);
  });
});
