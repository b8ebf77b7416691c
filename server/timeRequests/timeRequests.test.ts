import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import {
  type CreateTimeRequest,
  type TimeRequest,
  type TimeRequestPage,
  timeRequest,
  timeRequestPage,
} from "#contract/timeRequests.ts";
import { asMinutes, DAY_MS, parseInstant } from "#scheduling/units.ts";
import { instantOf, wallClockOf } from "#scheduling/zonedTime.ts";
import { bookAny, dateIn } from "../testing/booking.ts";
import { runTask } from "../testing/jobs.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
let stranger: Person;
beforeAll(async () => {
  test = await openTestApp();
});
beforeEach(async () => {
  mentor = await test.makeMentor({ windows: daily("09:00", "12:00") });
  [student, stranger] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());

/** An instant on the mentor's clock, some days from now; 20:00 lies outside the hours. */
function at(days: number, minuteOfDay = 20 * 60): string {
  return new Date(
    instantOf(mentor.profile.timezone, dateIn(mentor, days), asMinutes(minuteOfDay)),
  ).toISOString();
}

function asking(changes: Partial<CreateTimeRequest> = {}): CreateTimeRequest {
  return {
    expert_id: mentor.id,
    service_id: mentor.services[0]?.id ?? "",
    duration: 60,
    total_amount: 2000,
    starts_at: [at(3), at(4)],
    timezone: "Europe/London",
    message: "Evenings only, sorry",
    ...changes,
  };
}
const ask = async (changes?: Partial<CreateTimeRequest>, who = student) =>
  (await who.call("POST", "/time-requests", asking(changes))).expect(201).read(timeRequest);
const step = (who: Person, { id }: { id: string }, name: string, body?: unknown) =>
  who.call("POST", `/time-requests/${id}/${name}`, body);
const standing = (request: TimeRequest) => request.proposals.filter(({ round }) => round === request.round);
const taken = async () =>
  (await test.db.owner.query("select from occupancies where expert_id = $1", [mentor.id])).rowCount;

/** Sessions that take no time, and time that is taken by none. */
async function ledgerFaults(): Promise<unknown[]> {
  const { rows } = await test.db.owner.query(
    `select b.id as booking, o.id as occupancy from bookings b full join occupancies o on o.id = b.occupancy_id
     where (b.id is null or o.id is null or (b.starts_at, b.ends_at) is distinct from (o.starts_at, o.ends_at))
       and b.status is distinct from 'cancelled'`,
  );
  return rows;
}

describe("asking", () => {
  it("is for a time that is not offered, holds nothing, and is visible only to the two parties", async () => {
    const request = await ask();
    expect(request).toMatchObject({
      status: "open",
      awaiting: "mentor",
      round: 1,
      booking_id: null,
      total_amount: 2000,
    });
    expect(request.proposals.map(({ starts_at, proposed_by }) => [starts_at, proposed_by])).toEqual([
      [at(3), "student"],
      [at(4), "student"],
    ]);
    expect(await taken()).toBe(0);
    for (const [who, as] of [
      [student, "student"],
      [mentor, "mentor"],
    ] as const) {
      const page = (await who.call("GET", `/time-requests?as=${as}&status=open`)).read(timeRequestPage);
      expect(page.data).toEqual([request]);
      expect((await who.call("GET", `/time-requests/${request.id}`)).read(timeRequest)).toEqual(request);
    }
    expect((await stranger.call("GET", "/time-requests")).read(timeRequestPage).data).toEqual([]);
    (await stranger.call("GET", `/time-requests/${request.id}`)).problem("time_request_not_found");
    for (const name of ["decline", "withdraw"]) {
      (await step(stranger, request, name)).problem("time_request_not_found");
    }
    (await step(stranger, request, "accept", { proposal_id: request.proposals[0]?.id })).problem(
      "time_request_not_found",
    );
    (await test.visitor("POST", "/time-requests", asking())).problem("unauthenticated");
  });

  it("lasts two days, and never beyond the first start that is proposed", async () => {
    const later = await ask();
    expect(Date.parse(later.expires_at) - Date.parse(later.created_at)).toBeGreaterThan(2 * DAY_MS - 60_000);
    await step(student, later, "withdraw");
    const soon = new Date(Date.now() + 5 * 3_600_000).toISOString();
    expect((await ask({ starts_at: [at(9), soon] })).expires_at).toBe(soon);
  });

  const wrong: [string, () => Partial<CreateTimeRequest>, string, string?][] = [
    [
      "a time that is offered",
      () => ({ starts_at: [at(3), at(3, 9 * 60)] }),
      "validation_failed",
      "starts_at.1",
    ],
    [
      "the past",
      () => ({ starts_at: [new Date(Date.now() - 60_000).toISOString()] }),
      "validation_failed",
      "starts_at.0",
    ],
    ["too far ahead", () => ({ starts_at: [at(800)] }), "validation_failed", "starts_at.0"],
    ["no time", () => ({ starts_at: [] }), "validation_failed", "starts_at"],
    ["four times", () => ({ starts_at: [at(3), at(4), at(5), at(6)] }), "validation_failed", "starts_at"],
    [
      "one time twice",
      () => ({ starts_at: [at(3), at(3).replace("Z", "+00:00")] }),
      "validation_failed",
      "starts_at",
    ],
    ["another price", () => ({ total_amount: 1 }), "price_mismatch", "total_amount"],
    ["a length not offered", () => ({ duration: 45 }), "validation_failed", "duration"],
    ["another mentor's service", () => ({ service_id: student.id }), "service_not_found"],
    ["a person who is no mentor", () => ({ expert_id: student.id }), "own_session"],
  ];
  it.each(wrong)("refuses %s", async (_name, changes, code, field) => {
    const problem = (await student.call("POST", "/time-requests", asking(changes()))).problem();
    expect(problem.code).toBe(code);
    if (field) expect(problem.errors?.map((error) => error.field)).toContain(field);
  });

  it("refuses a time at which the mentor is taken", async () => {
    const session = await bookAny(stranger, mentor);
    const during = new Date(Date.parse(session.starts_at) + 15 * 60_000).toISOString();
    const problem = (await student.call("POST", "/time-requests", asking({ starts_at: [during] }))).problem(
      "validation_failed",
    );
    expect(problem.errors).toEqual([{ field: "starts_at.0", message: "The mentor is busy at this time." }]);
  });

  it("is possible once at a time per mentor, again after a reply, and by others in the meantime", async () => {
    const request = await ask();
    (await student.call("POST", "/time-requests", asking())).problem("time_request_already_open");
    await ask({}, stranger);
    (await step(mentor, request, "decline", { reason: "Never in the evening" })).expect(200);
    await ask();
  });
});

describe("a reply", () => {
  it("accept books that time, confirmed, at the price of the request", async () => {
    const request = await ask();
    const [, second] = request.proposals;
    const accepted = (await step(mentor, request, "accept", { proposal_id: second?.id }))
      .expect(200)
      .read(timeRequest);
    expect(accepted).toMatchObject({ status: "accepted" });
    expect(accepted.proposals.map(({ accepted_at }) => accepted_at !== null)).toEqual([false, true]);
    const booked = (await student.call("GET", `/bookings/${accepted.booking_id}`)).read(booking);
    expect(booked).toMatchObject({
      user_id: student.id,
      starts_at: at(4),
      scheduled_time: "20:00",
      status: "confirmed",
      total_amount: 2000,
      message: "Evenings only, sorry",
      student_timezone: "Europe/London",
      user_email: student.email,
    });
    expect(await taken()).toBe(1);
    expect(await ledgerFaults()).toEqual([]);
    const { rows } = await test.db.owner.query(
      "select kind, actor from booking_events where booking_id = $1",
      [booked.id],
    );
    expect(rows).toEqual([{ kind: "created", actor: "mentor" }]);
  });

  it("may be other times, of which the student accepts one, or proposes again", async () => {
    const request = await ask();
    const countered = (
      await step(mentor, request, "propose", { starts_at: [at(5), at(6), at(6, 9 * 60)] })
    ).read(timeRequest);
    expect(countered).toMatchObject({ awaiting: "student", round: 2 });
    expect(standing(countered).map(({ proposed_by }) => proposed_by)).toEqual(["mentor", "mentor", "mentor"]);
    // Earlier proposals are no longer valid, and the mentor cannot accept the mentor's own.
    (await step(student, request, "accept", { proposal_id: request.proposals[0]?.id })).problem(
      "time_request_closed",
    );
    (await step(mentor, request, "accept", { proposal_id: standing(countered)[0]?.id })).problem(
      "time_request_closed",
    );
    (await step(mentor, request, "propose", { starts_at: [at(7)] })).problem("time_request_closed");
    const again = (await step(student, request, "propose", { starts_at: [at(8)] })).read(timeRequest);
    expect(again).toMatchObject({ awaiting: "mentor", round: 3 });
    const back = (await step(mentor, request, "propose", { starts_at: [at(9)] })).read(timeRequest);
    const accepted = (await step(student, request, "accept", { proposal_id: standing(back)[0]?.id })).read(
      timeRequest,
    );
    expect((await mentor.call("GET", `/bookings/${accepted.booking_id}`)).read(booking)).toMatchObject({
      starts_at: at(9),
      status: "confirmed",
    });
  });

  it("no closes it, with the mentor's words; the student can take it back; neither does the other's part", async () => {
    const first = await ask();
    (await step(student, first, "decline")).problem("forbidden");
    (await step(mentor, first, "withdraw")).problem("forbidden");
    const declined = (await step(mentor, first, "decline", { reason: "Not in March" })).read(timeRequest);
    expect(declined).toMatchObject({ status: "declined", reason: "Not in March" });
    const second = await ask();
    expect((await step(student, second, "withdraw")).read(timeRequest).status).toBe("withdrawn");
    for (const request of [first, second]) {
      for (const name of ["decline", "withdraw"]) {
        const who = name === "decline" ? mentor : student;
        (await step(who, request, name)).problem("time_request_closed");
      }
      (await step(mentor, request, "accept", { proposal_id: request.proposals[0]?.id })).problem(
        "time_request_closed",
      );
    }
  });

  it("cannot be accepted after the price has changed", async () => {
    const request = await ask();
    await mentor.call("PATCH", `/mentors/me/services/${mentor.services[0]?.id}`, {
      durations: [{ minutes: 60, price: 9000 }],
    });
    (await step(mentor, request, "accept", { proposal_id: request.proposals[0]?.id })).problem(
      "price_mismatch",
    );
    expect(await taken()).toBe(0);
  });

  it("cannot be accepted for a time taken meanwhile; the other times can", async () => {
    const request = await ask();
    await mentor.call("POST", "/availability-slots", {
      specific_date: dateIn(mentor, 3),
      start_time: "19:30",
      end_time: "22:00",
    });
    const body = {
      ...asking(),
      starts_at: undefined,
      service_id: undefined,
      message: undefined,
      timezone: undefined,
    };
    const clash = {
      ...body,
      session_type: "oneOnOneSession",
      scheduled_date: dateIn(mentor, 3),
      scheduled_time: "19:30",
    };
    (await stranger.call("POST", "/bookings", clash)).expect(201);
    (await step(mentor, request, "accept", { proposal_id: request.proposals[0]?.id })).problem("slot_taken");
    (await step(mentor, request, "accept", { proposal_id: request.proposals[1]?.id })).expect(200);
    expect(await taken()).toBe(2);
  });
});

describe("time runs out", () => {
  const letExpire = async ({ id }: TimeRequest) => {
    await test.db.owner.query(
      "update time_requests set expires_at = now() - interval '1 second' where id = $1",
      [id],
    );
  };

  it("an unanswered request has expired, even before the clean-up runs", async () => {
    const request = await ask();
    await letExpire(request);
    expect((await mentor.call("GET", `/time-requests/${request.id}`)).read(timeRequest).status).toBe(
      "expired",
    );
    expect(
      (await mentor.call("GET", "/time-requests?as=mentor&status=open")).read(timeRequestPage).data,
    ).toEqual([]);
    (await step(mentor, request, "accept", { proposal_id: request.proposals[0]?.id })).problem(
      "time_request_closed",
    );
    (await step(mentor, request, "propose", { starts_at: [at(9)] })).problem("time_request_closed");
    (await step(student, request, "withdraw")).problem("time_request_closed");
  });

  it("the clean-up writes it down, and makes room for another", async () => {
    const request = await ask();
    await letExpire(request);
    await runTask(test.db, "expire_time_requests");
    const { rows } = await test.db.owner.query("select status from time_requests where id = $1", [
      request.id,
    ]);
    expect(rows).toEqual([{ status: "expired" }]);
    await ask();
  });
});

describe("concurrently", () => {
  it("two tabs accept: one booking", async () => {
    for (let round = 0; round < 5; round++) {
      const request = await ask();
      const answers = await Promise.all(
        [0, 1, 0, 1].map((index) =>
          step(mentor, request, "accept", { proposal_id: request.proposals[index]?.id }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
      const { booking_id } = answers.find(({ status }) => status === 200)!.read(timeRequest);
      (await student.call("POST", `/bookings/${booking_id}/cancel`)).expect(200);
    }
    expect(await ledgerFaults()).toEqual([]);
  });

  it("an acceptance and a booking of the same time: one wins, the other gets slot_taken", async () => {
    const evening = { specific_date: dateIn(mentor, 3), start_time: "20:00", end_time: "21:00" };
    for (let round = 0; round < 5; round++) {
      const request = await ask({ starts_at: [at(3)] });
      const opened = (await mentor.call("POST", "/availability-slots", evening)).expect(201).json as {
        id: string;
      };
      const wall = wallClockOf(mentor.profile.timezone, parseInstant(at(3)));
      const rival = {
        expert_id: mentor.id,
        session_type: "oneOnOneSession",
        duration: 60,
        total_amount: 2000,
        scheduled_date: wall.date,
        scheduled_time: wall.time,
      };
      const [accepted, booked] = await Promise.all([
        step(mentor, request, "accept", { proposal_id: request.proposals[0]?.id }),
        stranger.call("POST", "/bookings", rival),
      ]);
      expect([accepted.status, booked.status].sort()).toEqual(
        accepted.status === 200 ? [200, 409] : [201, 409],
      );
      (accepted.status === 200 ? booked : accepted).problem("slot_taken");
      expect(await taken()).toBe(1);
      const id = accepted.status === 200 ? accepted.read(timeRequest).booking_id : booked.read(booking).id;
      (await mentor.call("POST", `/bookings/${id}/cancel`)).expect(200);
      if (accepted.status !== 200) await step(student, request, "withdraw");
      await mentor.call("DELETE", `/availability-slots/${opened.id}`);
    }
  });

  it("an acceptance and a withdrawal: never both", async () => {
    for (let round = 0; round < 5; round++) {
      const request = await ask();
      const [accepted, withdrawn] = await Promise.all([
        step(mentor, request, "accept", { proposal_id: request.proposals[0]?.id }),
        step(student, request, "withdraw"),
      ]);
      expect([accepted.status, withdrawn.status].sort()).toEqual([200, 409]);
      expect(await taken()).toBe(accepted.status === 200 ? 1 : 0);
      if (accepted.status === 200) {
        await student.call("POST", `/bookings/${accepted.read(timeRequest).booking_id}/cancel`);
      }
    }
  });
});

it("lists page by page", async () => {
  const made: string[] = [];
  for (let index = 0; index < 5; index++) {
    const request = await ask({ starts_at: [at(3 + index)] });
    made.unshift(request.id);
    await step(student, request, "withdraw");
  }
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor ? `&cursor=${cursor}` : "";
    const page: TimeRequestPage = (await student.call("GET", `/time-requests?limit=2${query}`)).read(
      timeRequestPage,
    );
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(made);
});
