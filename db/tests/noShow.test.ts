import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bookingRoles } from "#rules/bookingState.ts";
import {
  type AfterSessionFacts,
  decideAnswer,
  decideClaim,
  decideWithdrawal,
  type NoShowState,
  noShowStates,
} from "#rules/noShow.ts";
import { epochMs, HOUR_MS } from "#scheduling/units.ts";
import { rewriteFunction } from "../../server/testing/rewriteFunction.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { type Actor, actAs, app, attempt, book, changeStatus, denied, signedIn, visitor } from "./actor.ts";
import { gatherCrowd } from "./storm.ts";
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

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
});
afterEach(() => forgetBookings(db.owner));
afterAll(() => db.drop());

let day = 0;
/** An agreed session that ended some hours ago, as moved there behind every rule. */
async function ended(hoursAgo = 1, status = "confirmed"): Promise<string> {
  const scheduled_date = new Date(Date.UTC(2042, 0, ++day)).toISOString().slice(0, 10);
  const { id } = await book(db.owner, { scheduled_date });
  await changeStatus(db.owner, signedIn(mentor), id, "confirmed");
  await behindRules(
    `update public.bookings set status = '${status}', ends_at = now() - interval '${hoursAgo} hours',
       starts_at = now() - interval '${hoursAgo} hours' - duration * interval '1 minute',
       occupancy_id = case when '${status}' <> 'cancelled' then occupancy_id end
     where id = '${id}'`,
  );
  return id;
}

async function behindRules(statement: string): Promise<void> {
  await db.owner.query(
    `set session_replication_role = replica; ${statement}; reset session_replication_role`,
  );
}

const claim = (who: Actor, booking_id: string, row: Values = {}) =>
  attempt(db.owner, who, insertInto("public.no_show_claims", { booking_id, expert_id: mentor, ...row }), {
    keep: true,
  });
const settle = (who: Actor, id: string, state: string, answer: string | null = null, keep = true) =>
  attempt(
    db.owner,
    who,
    {
      text: "update public.no_show_claims set state = $2, answer = $3 where booking_id = $1",
      values: [id, state, answer],
    },
    { keep },
  );
const letAnswerRunOut = (id: string) =>
  behindRules(
    `update public.no_show_claims set answer_until = now() - interval '1 second' where booking_id = '${id}'`,
  );
const expire = async () =>
  (await db.owner.query<{ expired: number }>("select private.expire_no_show_claims(1000) as expired")).rows[0]
    ?.expired;
const complete = (who: Actor, id: string) => changeStatus(db.owner, who, id, "completed");
const claimOf = async (id: string) =>
  (await db.owner.query("select * from public.no_show_claims where booking_id = $1", [id])).rows[0];
async function history(id: string) {
  const { rows } = await db.owner.query<{ kind: string; actor: string; reason: string | null }>(
    "select kind, actor, reason from public.booking_events where booking_id = $1 order by id",
    [id],
  );
  return rows.slice(2);
}

describe("a claim", () => {
  it.each([
    ["its student", signedIn(student), "1 row"],
    ["its mentor", signedIn(mentor), "1 row"],
    ["another student", signedIn(otherStudent), denied],
    ["another mentor", signedIn(otherMentor), denied],
    ["a stranger", signedIn(stranger), denied],
    ["a visitor", visitor, denied],
    ["the app", app(student), denied],
  ])("is made by %s: %s", async (_, who, outcome) => {
    expect(await claim(who, await ended())).toBe(outcome);
  });

  it("is made in no other mentor's name", async () => {
    expect(await claim(signedIn(student), await ended(), { expert_id: otherMentor })).toBe(denied);
  });

  it("is read only by the two parties of the session", async () => {
    const id = await ended();
    await claim(signedIn(student), id, { reason: "I waited for half an hour." });
    const look = "select * from public.no_show_claims";
    for (const who of [student, mentor]) expect(await attempt(db.owner, signedIn(who), look)).toBe("1 row");
    for (const who of [otherStudent, otherMentor, stranger]) {
      expect(await attempt(db.owner, signedIn(who), look)).toBe("0 rows");
    }
    expect(await attempt(db.owner, visitor, look)).toBe(denied);
    expect(await attempt(db.owner, signedIn(mentor), "delete from public.no_show_claims")).toBe(denied);
  });

  it.each([
    ["claimed_by", "mentor"],
    ["state", "agreed"],
    ["answer_until", "2020-01-01"],
    ["answer", "Yes."],
    ["created_at", "2020-01-01"],
    ["settled_at", "2020-01-01"],
  ])("does not accept %s from a client", async (column, value) => {
    expect(await claim(signedIn(student), await ended(), { [column]: value })).toBe(denied);
  });

  it("records who reported, and gives the other party two days", async () => {
    const id = await ended();
    await claim(signedIn(mentor), id, { reason: "Nobody was there." });
    const { claimed_by, state, answer_until, created_at } = await claimOf(id);
    expect({ claimed_by, state, hours: (answer_until - created_at) / 3_600_000 }).toEqual({
      claimed_by: "mentor",
      state: "open",
      hours: 48,
    });
    expect(await history(id)).toEqual([
      { kind: "no_show_claimed", actor: "mentor", reason: "Nobody was there." },
    ]);
  });

  it("has words that are some and not too many", async () => {
    const id = await ended();
    expect(await claim(signedIn(student), id, { reason: "" })).toBe("23514 no_show_claims_reason_length");
    expect(await claim(signedIn(student), id, { reason: "x".repeat(501) })).toBe(
      "23514 no_show_claims_reason_length",
    );
  });

  it("is not made of a session that its student has reviewed", async () => {
    const id = await ended(1, "completed");
    const review = insertInto("public.reviews", { booking_id: id, expert_id: mentor, rating: 5 });
    expect(await attempt(db.owner, signedIn(student), review, { keep: true })).toBe("1 row");
    for (const who of [student, mentor]) {
      expect(await claim(signedIn(who), id)).toBe("23514 no_show_claims_not_reviewed");
    }
  });
});

describe("rules/noShow.ts and the database agree", () => {
  const statuses = ["pending", "confirmed", "completed", "cancelled"] as const;
  const cases = statuses.flatMap((status) =>
    [-1, 1, 71.9, 72.1].flatMap((hours) =>
      ([null, "open", "disputed", "withdrawn"] as const).map((before) => ({ status, hours, before })),
    ),
  );
  it.each(cases)(
    "claim: $status, ended $hours hours ago, before: $before",
    async ({ status, hours, before }) => {
      const id = await ended(hours, status === "pending" ? "confirmed" : status);
      if (status === "pending") {
        await behindRules(
          `update public.bookings set status = 'pending', expires_at = starts_at where id = '${id}'`,
        );
      }
      if (before) await putClaim(id, before);
      for (const role of bookingRoles) {
        const facts: AfterSessionFacts = {
          status,
          endsAt: epochMs(Date.now() - hours * HOUR_MS),
          claim: before && { claimedBy: "student", state: before, answerUntil: epochMs(Date.now() + 1000) },
        };
        const statement = insertInto("public.no_show_claims", { booking_id: id, expert_id: mentor });
        const outcome = await attempt(db.owner, signedIn({ student, mentor }[role]), statement);
        expect(outcome === "1 row", outcome).toBe(decideClaim(role, facts, epochMs(Date.now())).ok);
      }
    },
  );

  const steps = noShowStates.flatMap((from) => [true, false].map((inTime) => ({ from, inTime })));
  it.each(steps)("steps from $from, in time: $inTime", async ({ from, inTime }) => {
    const id = await ended();
    await putClaim(id, from, inTime ? "1 hour" : "-1 second");
    const known = {
      claimedBy: "student",
      state: from,
      answerUntil: epochMs(Date.now() + (inTime ? HOUR_MS : -1000)),
    } as const;
    for (const role of bookingRoles) {
      const who = signedIn({ student, mentor }[role]);
      for (const to of ["agreed", "disputed", "withdrawn"]) {
        const decide = to === "withdrawn" ? decideWithdrawal : decideAnswer;
        const outcome = await settle(who, id, to, null, false);
        expect(outcome === "1 row", `${role} ${to}: ${outcome}`).toBe(
          decide(role, known, epochMs(Date.now())).ok,
        );
      }
      // No client may choose these.
      expect(await settle(who, id, "open", null, false)).toBe("23514 no_show_claims_step_allowed");
    }
    expect(await settle(signedIn(stranger), id, "agreed", null, false)).toBe("0 rows");
    expect(await settle(app(mentor), id, "agreed", null, false)).toBe(denied);
  });

  const putClaim = (id: string, state: NoShowState, left = "1 hour") =>
    behindRules(
      `insert into public.no_show_claims (booking_id, expert_id, claimed_by, state, answer_until, settled_at)
       values ('${id}', '${mentor}', 'student', '${state}', now() + interval '${left}',
               case when '${state}' <> 'open' then now() end)`,
    );
});

describe("a reply", () => {
  it("is one line in the history, with its words; a withdrawal has none", async () => {
    const [disputed, agreed, withdrawn] = [await ended(), await ended(), await ended()];
    for (const id of [disputed, agreed, withdrawn]) await claim(signedIn(student), id);
    expect(await settle(signedIn(mentor), disputed, "disputed", "I was there.")).toBe("1 row");
    expect(await settle(signedIn(mentor), agreed, "agreed")).toBe("1 row");
    expect(await settle(signedIn(student), withdrawn, "withdrawn", "Oops.")).toBe(
      "23514 no_show_claims_only_answers_have_words",
    );
    expect(await settle(signedIn(student), withdrawn, "withdrawn")).toBe("1 row");
    const last = async (id: string) => (await history(id)).at(-1);
    expect(await last(disputed)).toEqual({
      kind: "no_show_disputed",
      actor: "mentor",
      reason: "I was there.",
    });
    expect(await last(agreed)).toEqual({ kind: "no_show_agreed", actor: "mentor", reason: null });
    expect(await last(withdrawn)).toEqual({ kind: "no_show_withdrawn", actor: "student", reason: null });
  });

  it("that is missing makes the claim final, once, even if the job runs repeatedly", async () => {
    const id = await ended();
    await claim(signedIn(student), id);
    expect(await expire()).toBe(0);
    await letAnswerRunOut(id);
    expect(await settle(signedIn(mentor), id, "disputed")).toBe("23514 no_show_claims_step_allowed");
    const jobs = await Promise.all(
      Array.from({ length: 5 }, () =>
        db.database.asSystem("a test", null, ({ client }) =>
          client.query<{ expired: number }>("select private.expire_no_show_claims(1000) as expired"),
        ),
      ),
    );
    expect(jobs.map(({ rows }) => rows[0]?.expired).sort()).toEqual([0, 0, 0, 0, 1]);
    expect((await history(id)).map(({ kind, actor }) => `${kind} ${actor}`)).toEqual([
      "no_show_claimed student",
      "no_show_unanswered system",
    ]);
    expect(await claim(signedIn(mentor), id)).toBe("23505 no_show_claims_one_key");
  });

  it("cannot be made 'unanswered' by a person, not even after the window", async () => {
    const id = await ended();
    await claim(signedIn(student), id);
    expect(await settle(signedIn(student), id, "unanswered")).toBe("23514 no_show_claims_step_allowed");
  });
});

describe("while a no-show report is effective", () => {
  const review = (id: string) =>
    attempt(
      db.owner,
      signedIn(student),
      insertInto("public.reviews", { booking_id: id, expert_id: mentor, rating: 1 }),
      {
        keep: true,
      },
    );

  it("the session is not completed, by hand or by itself, and afterwards as before", async () => {
    const id = await ended(25);
    await claim(signedIn(student), id);
    expect(await complete(signedIn(mentor), id)).toBe("23514 bookings_step_allowed");
    const update = { text: "update public.bookings set status = 'completed' where id = $1", values: [id] };
    expect(await attempt(db.owner, signedIn(mentor), update)).toBe("23514 bookings_step_allowed");
    expect(await completeHeld()).toEqual([]);
    await settle(signedIn(mentor), id, "disputed");
    expect(await completeHeld()).toEqual([id]);
    expect(await completeHeld()).toEqual([]);
    expect((await history(id)).at(-1)).toEqual({ kind: "completed", actor: "system", reason: null });
  });

  it("there can be no review, but after a dispute or a withdrawal there can", async () => {
    const outcomes: Record<string, string> = {};
    for (const state of ["open", "agreed", "disputed", "withdrawn", "unanswered"] as const) {
      const id = await ended(1, "completed");
      await claim(signedIn(student), id);
      if (state === "unanswered") {
        await letAnswerRunOut(id);
        await expire();
      } else if (state !== "open") {
        await settle(signedIn(state === "withdrawn" ? student : mentor), id, state);
      }
      outcomes[state] = await review(id);
    }
    const refused = "23514 reviews_session_took_place";
    expect(outcomes).toEqual({
      open: refused,
      agreed: refused,
      unanswered: refused,
      disputed: "1 row",
      withdrawn: "1 row",
    });
  });

  it("what ended a day ago completes, what ended later or never agreed does not", async () => {
    const [old, young] = [await ended(24.1), await ended(23.9)];
    await ended(30, "cancelled");
    expect(await completeHeld()).toEqual([old]);
    const { rows } = await db.owner.query("select status from public.bookings where id = $1", [young]);
    expect(rows).toEqual([{ status: "confirmed" }]);
  });

  /** As the job does it; the ids of what it completed. */
  async function completeHeld(): Promise<string[]> {
    const done = "select id from public.bookings where status = 'completed' order by updated_at, id";
    const before = (await db.owner.query<{ id: string }>(done)).rows.map(({ id }) => id);
    await db.owner.query(
      `select private.complete_held_sessions(mentor_id, array_agg(booking_id))
       from private.held_sessions(1000) where can_complete group by mentor_id`,
    );
    const after = (await db.owner.query<{ id: string }>(done)).rows.map(({ id }) => id);
    return after.filter((id) => !before.includes(id));
  }
});

describe("at the same moment", () => {
  const claimBy = (id: string, booking: string) => ({
    id,
    statement: insertInto("public.no_show_claims", { booking_id: booking, expert_id: mentor }),
  });

  it("student and mentor both report: one is first, the other gets the conflict", async () => {
    const crowd = await gatherCrowd(db, 2);
    try {
      for (let round = 0; round < 15; round++) {
        const id = await ended();
        expect(await crowd.storm([claimBy(student, id), claimBy(mentor, id)])).toEqual({
          "1 row": 1,
          "23505 no_show_claims_one_key": 1,
        });
        expect(await history(id)).toHaveLength(1);
      }
    } finally {
      await crowd.leave();
    }
  });

  it("would both be first without lock and key (twin)", async () => {
    const lock = "perform private.lock_mentor(booking.expert_id);";
    const last = "new.answer_until := now() + interval '48 hours';";
    await rewriteFunction(db, "private.prepare_no_show_claim", lock, "perform 'unlocked';");
    // Between looking and writing passes a moment, as on a busy day.
    await rewriteFunction(db, "private.prepare_no_show_claim", last, `perform pg_sleep(0.2); ${last}`);
    await db.owner.query("drop index public.no_show_claims_one_key");
    const crowd = await gatherCrowd(db, 2);
    try {
      const id = await ended();
      expect(await crowd.storm([claimBy(student, id), claimBy(mentor, id)])).toEqual({ "1 row": 2 });
    } finally {
      await crowd.leave();
      await db.owner.query("delete from public.no_show_claims");
      await db.owner.query(
        "create unique index no_show_claims_one_key on public.no_show_claims (booking_id, expert_id) where state <> 'withdrawn'",
      );
      await rewriteFunction(db, "private.prepare_no_show_claim", "perform 'unlocked';", lock);
      await rewriteFunction(db, "private.prepare_no_show_claim", `perform pg_sleep(0.2); ${last}`, last);
    }
  });

  it("one reports and the other completes: never a completion after a claim", async () => {
    const outcomes = await raceCompletion();
    expect(outcomes.map(({ isWrong }) => isWrong)).not.toContain(true);
  });

  it("would go wrong without the guard (twin)", async () => {
    const guard = "or (new.status = 'completed' and private.has_no_show(old.expert_id, old.id))";
    await rewriteFunction(db, "private.check_booking_transition", guard, "");
    try {
      const id = await ended();
      await claim(signedIn(student), id);
      expect(await complete(signedIn(mentor), id)).toBe("1 row");
    } finally {
      await rewriteFunction(
        db,
        "private.check_booking_transition",
        "or (new.status = 'completed' and old.ends_at > now())",
        `or (new.status = 'completed' and old.ends_at > now())\n       ${guard}`,
      );
    }
  });

  it("a claim waits for the mentor's row, and then sees what was done in the meantime", async () => {
    const id = await ended(1, "completed");
    let claiming: Promise<string> | undefined;
    const crowd = await gatherCrowd(db, 1);
    try {
      await actAs(
        db.owner,
        signedIn(student),
        async () => {
          await db.owner.query(
            insertInto("public.reviews", { booking_id: id, expert_id: mentor, rating: 5 }),
          );
          claiming = crowd.storm([claimBy(mentor, id)]).then((counts) => Object.keys(counts).join());
          await untilSomebodyWaits();
        },
        { keep: true },
      );
      expect(await claiming).toBe("23514 no_show_claims_not_reviewed");
    } finally {
      await crowd.leave();
    }
  });

  it("a review waits likewise: a claim that was faster refuses it", async () => {
    expect(await reviewBehindClaim()).toEqual({ "23514 reviews_session_took_place": 1 });
  });

  it("and would be written all the same without the second look (twin)", async () => {
    const guard = "if private.has_no_show(new.expert_id, new.booking_id) then";
    await rewriteFunction(db, "private.prepare_review", guard, "if false then");
    expect(await reviewBehindClaim()).toEqual({ "1 row": 1 });
    await rewriteFunction(db, "private.prepare_review", "if false then", guard);
  });

  /** The policy has looked before the claim is there, and waits for the mentor's row. */
  async function reviewBehindClaim(): Promise<Record<string, number> | undefined> {
    const id = await ended(1, "completed");
    const reviewing = {
      id: student,
      statement: insertInto("public.reviews", { booking_id: id, expert_id: mentor, rating: 5 }),
    };
    const crowd = await gatherCrowd(db, 1);
    try {
      let outcome: Promise<Record<string, number>> | undefined;
      await actAs(
        db.owner,
        signedIn(mentor),
        async () => {
          await db.owner.query(insertInto("public.no_show_claims", { booking_id: id, expert_id: mentor }));
          outcome = crowd.storm([reviewing]);
          await untilSomebodyWaits();
        },
        { keep: true },
      );
      return await outcome;
    } finally {
      await crowd.leave();
    }
  }

  async function raceCompletion() {
    const crowd = await gatherCrowd(db, 2);
    const outcomes: { isWrong: boolean }[] = [];
    try {
      for (let round = 0; round < 15; round++) {
        const id = await ended();
        await crowd.storm([
          claimBy(student, id),
          {
            id: mentor,
            statement: {
              text: "select id from public.change_booking_status(private.mentor_of_booking($1), $1, 'completed')",
              values: [id],
            },
          },
        ]);
        const kinds = (await history(id)).map(({ kind }) => kind);
        expect(kinds).toContain("no_show_claimed");
        outcomes.push({ isWrong: kinds.indexOf("completed") > kinds.indexOf("no_show_claimed") });
      }
    } finally {
      await crowd.leave();
    }
    return outcomes;
  }

  async function untilSomebodyWaits(): Promise<void> {
    // Of this database alone: tests beside this one wait in others.
    const waiting = `select from pg_locks join pg_stat_activity using (pid)
      where datname = current_database() and not granted and locktype in ('transactionid', 'tuple')`;
    await expect
      .poll(async () => (await db.owner.query(waiting)).rowCount, { timeout: 10_000 })
      .toBeGreaterThan(0);
  }
});
