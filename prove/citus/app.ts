import type { DatabaseError } from "pg";
import { bookingPage } from "#contract/bookings.ts";
import { mentorPage } from "#contract/mentors.ts";
import { type SlotAnswer, slotAnswer } from "#contract/slots.ts";
import { crontab } from "../../server/jobs/tasks.ts";
import { constraintOf } from "../../server/platform/errors.ts";
import {
  askSlots,
  book,
  bookingOf,
  dateIn,
  moveTo,
  readSlots,
  type SlotQuestion,
} from "../../server/testing/booking.ts";
import { runJobs, runTask } from "../../server/testing/jobs.ts";
import { daily, type Mentor, type Person, type TestApp } from "../../server/testing/testApp.ts";
import {
  accept,
  forSlot,
  joined,
  letOffersRunOut,
  offerOf,
  openFullDay,
  waitsOf,
} from "../../server/waitlist/testing/queues.ts";
import { randomOf } from "../randomOf.ts";
import type { Seen } from "./core.ts";

/** What people do with the app one after another, from the first visit on. */
export async function fromVisitToSession(test: TestApp): Promise<Seen> {
  const faults: string[] = [];
  const require = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  const student = await test.signUp("Meera Nair");
  const mentor = await test.makeMentor({ name: `Asha ${student.id.slice(-8)}` });
  const found = (await test.visitor("GET", `/mentors?q=${encodeURIComponent(mentor.name)}`)).read(mentorPage);
  require(found.data.some(({ id }) => id === mentor.id), "the visitor does not find the mentor");
  (await test.visitor("GET", `/mentors/${mentor.profile.username}`)).expect(200);
  const [first, second] = await readSlots(test.visitor, mentor);
  if (!first || !second) return { outcomes: {}, faults: ["the visitor sees no free time"] };
  const { id } = await book(student, mentor, first.starts_at);
  (await student.call("POST", "/bookings", bookingOf(mentor, first.starts_at))).problem("slot_taken");
  const requests = (await mentor.call("GET", "/bookings?as=mentor&status=pending")).read(bookingPage);
  require(requests.data.some((one) => one.id === id), "the mentor does not see the request");
  (await mentor.call("POST", `/bookings/${id}/confirm`)).expect(200);
  (await student.call("POST", `/bookings/${id}/reschedule`, moveTo(mentor, second.starts_at))).expect(200);
  const sessions = (await student.call("GET", "/bookings?as=student")).read(bookingPage);
  require(sessions.data[0]?.starts_at === second.starts_at, "the student's session was not moved");
  (await student.call("PUT", `/me/favourites/${mentor.id}`)).expect(204);
  (await student.call("POST", `/bookings/${id}/cancel`)).expect(200);
  const free = await readSlots(test.visitor, mentor);
  require(free.some(({ starts_at }) => starts_at === second.starts_at), "the cancelled time is not free");
  return { outcomes: { "went through": 1 }, faults };
}

/** Two people and a mentor, on the cluster and on one machine. */
interface Side {
  mentor: Mentor;
  student: Person;
}

/** The same hours, settings, days off and bookings on both sides; then both are asked the same questions. */
export async function sameFreeTimes(test: TestApp, single: TestApp, round: number): Promise<Seen> {
  const sides = await Promise.all([test, single].map((app) => arrange(app, randomOf(round))));
  const [cluster, machine] = sides as [Side, Side];
  const faults: string[] = [];
  let starts = 0;
  const days = { from: dateIn(machine.mentor, 2), to: dateIn(machine.mentor, 30) };
  for (const timezone of ["Asia/Kolkata", "America/New_York", "Pacific/Auckland"])
    for (const duration of [30, 60, 90])
      for (const include of ["available", "all"] as const) {
        const asked = { ...days, duration, timezone, include };
        const [theirs, ours] = [await timesOf(cluster, asked), await timesOf(machine, asked)];
        starts += ours.days.reduce((sum, { slots }) => sum + slots.length, 0);
        if (JSON.stringify(theirs) !== JSON.stringify(ours))
          faults.push(`${duration} min in ${timezone}, ${include}: other times`);
      }
  // A difference is seen: one more booking on one of the sides.
  const free = (await timesOf(cluster, days)).days.flatMap(({ slots }) => slots);
  await book(cluster.student, cluster.mentor, free[0]?.starts_at ?? "");
  if (JSON.stringify(await timesOf(cluster, days)) === JSON.stringify(await timesOf(machine, days)))
    faults.push("a difference between the sides is not seen");
  return { outcomes: { starts }, faults };
}

async function timesOf({ mentor, student }: Side, question: SlotQuestion): Promise<SlotAnswer> {
  return (await askSlots(student.call, mentor, question)).read(slotAnswer);
}

async function arrange(app: TestApp, random: () => number): Promise<Side> {
  const upTo = (most: number) => Math.floor(random() * most);
  const opens = 6 + upTo(6);
  const mentor = await app.makeMentor({
    timezone: ["Asia/Kolkata", "Europe/Berlin", "America/St_Johns"][upTo(3)] ?? "",
    windows: daily(
      `${String(opens).padStart(2, "0")}:00`,
      `${opens + 5}:30`,
      [0, 1, 2, 3, 4, 5, 6].slice(upTo(3)),
    ),
    settings: {
      instant_confirm: true,
      slot_interval: [15, 30, 60][upTo(3)] ?? 30,
      buffer_before: 5 * upTo(4),
      buffer_after: 5 * upTo(4),
      max_per_day: random() < 0.5 ? 2 : null,
    },
  });
  const [student] = (await app.signUpCrowd(1)) as [Person];
  for (let days = 3; days < 12; days++) {
    const [date, choice] = [dateIn(mentor, days), random()];
    if (choice < 0.2) (await mentor.call("POST", "/blocked-dates", { date })).expect(201);
    const free = await readSlots(student.call, mentor, { from: date });
    const place = upTo(free.length || 1);
    const slot = free[place];
    if (slot && choice < 0.8) await book(student, mentor, slot.starts_at);
  }
  const abroad = { starts_on: dateIn(mentor, 14), ends_on: dateIn(mentor, 17), timezone: "Asia/Tokyo" };
  (await mentor.call("POST", "/timezone-periods", abroad)).expect(201);
  return { mentor, student };
}

/** Time is freed under a queue of three: offered to the first alone, then to the next one, and booked once. */
export async function freedForAQueue(test: TestApp): Promise<Seen> {
  const faults: string[] = [];
  const require = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  const people = (await test.signUpCrowd(4)) as [Person, Person, Person, Person];
  const [holder, ...queue] = people;
  const { mentor, taken } = await openFullDay(test, holder);
  for (const person of queue) await joined(person, mentor, forSlot(mentor, taken.starts_at));
  (await holder.call("POST", `/bookings/${taken.id}/cancel`)).expect(200);
  // Several processes may run the job of one mentor.
  const look = () =>
    Promise.all([1, 2].map(() => runTask(test.db, "offer_waitlist", { mentor_id: mentor.id })));
  const offered = async () =>
    (await Promise.all(queue.map(offerOf))).map((offer) => (offer ? 1 : 0)).join("");
  await look();
  require((await offered()) === "100", `offered to ${await offered()}`);
  const day = { from: dateIn(mentor, 5) };
  require((await readSlots(test.visitor, mentor, day)).length === 0, "what is offered is public");
  const stranger = await holder.call("POST", "/bookings", bookingOf(mentor, taken.starts_at));
  require(stranger.status >= 400, "a stranger books what is offered");
  await letOffersRunOut(test.db, queue[0]);
  await look();
  require((await offered()) === "010", `after a lapse offered to ${await offered()}`);
  const answers = await Promise.all([1, 2, 3].map(() => accept(queue[1])));
  const accepted = answers.filter(({ status }) => status === 201).length;
  require(accepted === 1, `${accepted} acceptances`);
  await runJobs(test.db);
  const states = (await Promise.all(queue.map(waitsOf))).map(([wait]) => wait?.state).join(", ");
  require(states === "expired, accepted, waiting", states);
  return { outcomes: { offered: 2, lapsed: 1, accepted }, faults };
}

/** A person without sessions is removed, and the job follows to what was theirs on other machines; one with a session stays. */
export async function personRemoved(test: TestApp): Promise<Seen> {
  const faults: string[] = [];
  const { owner } = test.db;
  const [holder, leaving] = (await test.signUpCrowd(2)) as [Person, Person];
  const { mentor, taken } = await openFullDay(test, holder);
  await joined(leaving, mentor, forSlot(mentor, taken.starts_at));
  (await leaving.call("PUT", `/me/favourites/${mentor.id}`)).expect(204);
  const left = async ({ id }: { id: string }) => {
    const counts = ["favourite_mentors", "waitlist_entries"].map(
      (table) => `(select count(*)::int from public.${table} where user_id = $1)`,
    );
    const hours = [
      "expert_profiles where id",
      "availability_slots where expert_id",
      "services where expert_id",
    ].map((rows) => `(select count(*)::int from public.${rows} = $1)`);
    const { rows } = await owner.query<{ n: number }>(`select ${[...counts, ...hours].join(" + ")} as n`, [
      id,
    ]);
    return rows[0]?.n ?? -1;
  };
  const remove = (person: { id: string }) => owner.query("delete from auth.users where id = $1", [person.id]);
  const idle = await test.makeMentor();
  const before = [await left(leaving), await left(idle)];
  if (before[0] !== 2 || (before[1] ?? 0) < 3) faults.push(`there were ${before} rows`);
  await remove(leaving);
  await remove(idle);
  const refused = await remove(holder).then(
    () => "nothing",
    (error: DatabaseError) => constraintOf(error),
  );
  if (refused !== "bookings_user_id_fkey") faults.push(`a person with a session is kept by ${refused}`);
  await runTask(test.db, "follow_removals");
  const after = [await left(leaving), await left(idle)];
  if (after.some((rows) => rows !== 0)) faults.push(`${after} rows are left`);
  return { outcomes: { "rows followed": (before[0] ?? 0) + (before[1] ?? 0) }, faults };
}

/** Each job of the clock once, with little to do. */
export async function regularJobs(test: TestApp): Promise<Seen> {
  const { owner } = test.db;
  const tasks = [...crontab.matchAll(/^(?:\S+ ){5}(\w+)/gm)].map(([, task]) => task);
  for (const task of tasks) await owner.query("select private.enqueue($1, '{}')", [task]);
  // It throws what failed, which is read below.
  await runJobs(test.db).catch(() => undefined);
  const { rows } = await owner.query<{ task: string; error: string }>(
    "select task_identifier as task, last_error as error from graphile_worker.jobs where last_error is not null order by 1",
  );
  await owner.query("delete from graphile_worker._private_jobs where last_error is not null");
  return {
    outcomes: { ran: tasks.length - rows.length },
    faults: rows.map(({ task, error }) => `${task}: ${error}`),
  };
}
