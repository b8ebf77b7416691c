import pg from "pg";
import { bookingPage } from "#contract/bookings.ts";
import { type JoinWaitlist, type WaitlistEntry, waitlist } from "#contract/waitlist.ts";
import { epochMs, fromDate, MINUTE_MS } from "#scheduling/units.ts";
import { leastOfferMinutes } from "#scheduling/waits.ts";
import { bruteForce } from "../../scheduling/testing/bruteForce.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { readSchedule } from "../../server/slots/queries.ts";
import type { Answer } from "../../server/testing/answer.ts";
import { bookingOf, dateIn, readSlots } from "../../server/testing/booking.ts";
import { addGroupService, schedule } from "../../server/testing/groups.ts";
import { daily, type Mentor, type Person } from "../../server/testing/testApp.ts";
import { offerTimes } from "../../server/waitlist/offerTimes.ts";
import { countOverlaps, readLedger } from "../race/storm.ts";
import { randomOf } from "../randomOf.ts";
import { codeOf, type Round } from "../rounds.ts";
import type { Stage } from "../stage.ts";

const timezone = "Asia/Kolkata";
const days = 3;
/** Seats, and hours of a day, for so many people that most of them have to wait. */
const supplyFor = (people: number) => ({ seats: Math.ceil(people / 12), hours: Math.ceil(people / 50) });

interface Scene {
  stage: Stage;
  mentor: Mentor;
  /** Starts of the hours. */
  starts: string[];
  group: { id: string; starts_at: string };
  codes: Record<string, number>;
  /** What the jobs have thrown. */
  jobErrors: string[];
}

/** People book, leave, join queues, accept, pass, and let offers lapse, all at once, while jobs make offers; then all is checked. */
export async function crowdOfWaiters(stage: Stage, round: number): Promise<Round> {
  const scene = await setScene(stage);
  const { people } = stage;
  const state = { isOver: false };
  const workers = [0, 1].map(async () => {
    while (!state.isOver) await offer(scene);
  });
  const steps = 8;
  await Promise.all(
    people.map(async (person, place) => {
      const random = randomOf(round * 100_003 + place);
      for (let step = 0; step < steps; step++) await act(scene, person, random);
    }),
  );
  state.isOver = true;
  await Promise.all(workers);
  // What lapses only now, and what was freed last.
  await lapse(scene, 1);
  for (let offers = 1; offers > 0; ) offers = await offer(scene);
  return { codes: scene.codes, faults: [...scene.jobErrors, ...(await check(scene))] };
}

async function setScene(stage: Stage): Promise<Scene> {
  const { people } = stage;
  const supply = supplyFor(people.length);
  const mentor = await stage.test.makeMentor({
    windows: daily("09:00", `${9 + supply.hours}:00`),
    settings: { instant_confirm: true, slot_interval: 60 },
  });
  const circle = await addGroupService(mentor);
  const session = await schedule(mentor, dateIn(mentor, 8), {
    service_id: circle.id,
    capacity: supply.seats,
  });
  const free = await readSlots(stage.test.visitor, mentor, {
    from: dateIn(mentor, 3),
    to: dateIn(mentor, 2 + days),
  });
  const scene = {
    stage,
    mentor,
    starts: free.map(({ starts_at }) => starts_at),
    group: { id: session.id, starts_at: session.starts_at },
    codes: {},
    jobErrors: [],
  };
  await Promise.all(
    scene.starts.map((start, index) =>
      people[people.length - 1 - index]?.call("POST", "/bookings", bookingOf(mentor, start)),
    ),
  );
  await Promise.all(
    people.slice(0, session.capacity).map((person) => person.call("POST", "/bookings", seatOf(scene))),
  );
  const inQueue = people.slice(session.capacity, people.length - scene.starts.length);
  await Promise.all(
    inQueue.map((person, place) =>
      person.call("POST", `/mentors/${mentor.id}/waitlist`, waitsOf(scene, randomOf(place))),
    ),
  );
  return scene;
}

const seatOf = ({ mentor, group }: Pick<Scene, "mentor" | "group">) =>
  bookingOf(mentor, group.starts_at, { serviceIndex: 1 });

function waitsOf({ mentor, starts, group }: Scene, random: () => number): JoinWaitlist {
  const ofService = { service_id: mentor.services[0]?.id ?? "", duration: 60, timezone };
  const kind = random();
  if (kind < 0.4) return { kind: "group", group_session_id: group.id, timezone };
  if (kind < 0.8) return { kind: "slot", ...ofService, starts_at: pick(starts, random) };
  return { kind: "days", ...ofService, from: dateIn(mentor, 3), to: dateIn(mentor, 2 + days) };
}

function note({ codes }: Scene, what: string, answer: Answer): Answer {
  const name = answer.status < 400 ? what : codeOf(answer);
  codes[name] = (codes[name] ?? 0) + 1;
  return answer;
}

/** One thing that a person does: they answer an offer sooner than anything else, and cancel often. */
async function act(scene: Scene, person: Person, random: () => number): Promise<void> {
  const { mentor, starts } = scene;
  const { data: places } = (await person.call("GET", "/waitlist")).read(waitlist);
  const own = places.filter(({ expert_id }) => expert_id === mentor.id);
  const offered = own.find(({ offer }) => offer?.state === "open");
  if (offered) return answerOffer(scene, person, offered, random);
  const { data } = (await person.call("GET", "/bookings?status=confirmed")).read(bookingPage);
  const booked = data.filter(({ expert_id }) => expert_id === mentor.id);
  if (booked.length > 0 && random() < 0.4) {
    note(scene, "cancelled", await person.call("POST", `/bookings/${pick(booked, random).id}/cancel`));
    return;
  }
  const choice = random();
  const waiting = own.filter(({ state }) => state === "waiting");
  if (choice < 0.15 && waiting.length > 0) {
    note(scene, "left", await person.call("DELETE", `/waitlist/${pick(waiting, random).id}`));
  } else if (choice < 0.4) {
    const wanted = random() < 0.4 ? seatOf(scene) : bookingOf(mentor, pick(starts, random));
    note(scene, "booked", await person.call("POST", "/bookings", wanted));
  } else if (choice < 0.45) {
    await lapse(scene, 0.3);
  } else {
    const path = `/mentors/${mentor.id}/waitlist`;
    note(scene, "joined", await person.call("POST", path, waitsOf(scene, random)));
  }
}

async function answerOffer(
  scene: Scene,
  person: Person,
  { kind, offer: open }: WaitlistEntry,
  random: () => number,
): Promise<void> {
  const address = `/waitlist-offers/${open?.id}`;
  const choice = random();
  if (choice < 0.25) {
    note(scene, "passed", await person.call("POST", `${address}/pass`));
  } else if (choice < 0.85) {
    const total_amount = kind === "group" ? 0 : 2000;
    note(scene, "accepted", await person.call("POST", `${address}/accept`, { total_amount }));
  }
}

/** The time of a share of the open offers is over, as if hours had passed. */
async function lapse({ stage, mentor }: Scene, share: number): Promise<void> {
  const client = new pg.Client({ connectionString: stage.test.db.ownerUrl });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("select private.lock_mentor($1)", [mentor.id]);
    await client.query("set local session_replication_role = replica");
    await client.query(
      `with ended as (
         update waitlist_offers set expires_at = now() - interval '1 second'
         where expert_id = $1 and state = 'open' and booking_id is null and random() < $2 returning occupancy_id)
       update occupancies o set expires_at = now() - interval '1 second'
       where o.state = 'hold' and o.capacity = 1 and o.id in (select occupancy_id from ended)`,
      [mentor.id, share],
    );
    await client.query("commit");
  } finally {
    await client.end();
  }
}

/** What the job does; two of them at once, as two workers may be. */
async function offer({ stage, mentor, jobErrors }: Scene): Promise<number> {
  try {
    return await stage.test.db.database.asSystem("a queue is made of many people", null, (tx) =>
      offerTimes(tx, mentor.id, systemClock()),
    );
  } catch (error) {
    jobErrors.push(`a job failed: ${error instanceof Error ? error.message : String(error)}`);
    return 0;
  }
}

async function check(scene: Scene): Promise<string[]> {
  const { stage, mentor } = scene;
  const { owner } = stage.test.db;
  const count = async (text: string): Promise<number> =>
    Number((await owner.query<{ n: string }>(text, [mentor.id])).rows[0]?.n ?? 0);
  const faults: string[] = [];
  const fault = (n: number, what: string) => n > 0 && faults.push(`${n} ${what}`);

  fault(countOverlaps(await readLedger(stage.test, mentor.id)), "times overlap");
  fault(
    await count(
      `select count(*) as n from occupancies o where o.expert_id = $1 and (o.seats_taken > o.capacity or o.seats_taken <>
         (select count(*) from bookings b where b.occupancy_id = o.id and b.status <> 'cancelled')
         + (select count(*) from waitlist_offers w where w.occupancy_id = o.id and w.booking_id is null))`,
    ),
    "times whose seats are not those of bookings and offers",
  );
  fault(
    await count(
      `select count(*) as n from waitlist_offers w where w.expert_id = $1 and (
         (w.state = 'open') <> (w.settled_at is null) or (w.state = 'accepted') <> (w.booking_id is not null and exists (
           select from bookings b where b.id = w.booking_id and b.user_id = w.user_id and b.starts_at = w.starts_at)))`,
    ),
    "offers without exactly one end",
  );
  fault(
    await count(
      `select count(*) as n from waitlist_entries e where e.expert_id = $1 and (e.state = 'offered') <> exists (
         select from waitlist_offers w where w.entry_id = e.id and w.state = 'open')`,
    ),
    "places in queues that disagree with their offers",
  );
  // Of two who wait for the same, the later was asked, and the earlier, who was there already, not or later.
  fault(
    await count(
      `select count(*) as n from waitlist_entries early
         join waitlist_entries late on late.expert_id = early.expert_id and late.service_id = early.service_id
           and late.duration = early.duration and late.starts_from = early.starts_from
           and late.starts_until = early.starts_until and late.place > early.place
         join waitlist_offers o on o.entry_id = late.id
       where early.expert_id = $1 and early.passed_starts = '{}' and late.passed_starts = '{}' and (
         (early.state = 'waiting' and early.joined_at < o.offered_at)
         or exists (select from waitlist_offers own where own.entry_id = early.id and own.offered_at > o.offered_at))`,
    ),
    "people were asked before others who had joined earlier",
  );
  fault(
    await count(
      `select count(*) as n from bookings b join waitlist_entries e on e.expert_id = b.expert_id and e.state = 'waiting'
         and e.service_id = b.service_id and e.duration = b.duration and b.starts_at >= e.starts_from
         and b.starts_at < e.starts_until and e.joined_at < b.created_at and b.starts_at <> all (e.passed_starts)
       where b.expert_id = $1 and not exists (select from waitlist_offers o where o.booking_id = b.id)`,
    ),
    "bookings went past people who waited for that time",
  );
  fault(await countUnasked(scene), "free starts that people wait for without an offer");
  return faults;
}

/** By the tests' second engine. */
async function countUnasked({ stage, mentor }: Scene): Promise<number> {
  const { owner, database } = stage.test.db;
  const { rows } = await owner.query<{
    service_id: string;
    starts_from: Date;
    starts_until: Date;
    passed: Date[];
  }>(
    `select distinct service_id, starts_from, starts_until, passed_starts as passed
     from waitlist_entries where expert_id = $1 and state = 'waiting'`,
    [mentor.id],
  );
  const now = systemClock();
  let unasked = 0;
  for (const { service_id, starts_from, starts_until, passed } of rows) {
    const from = fromDate(starts_from);
    const until = fromDate(starts_until);
    const read = await readSchedule(database.public, mentor.id, { from, until });
    const { waits: _all, ...known } = read.schedule;
    const query = {
      from,
      until,
      duration: mentor.services[0]?.durations[0]?.minutes ?? 60,
      now,
      serviceId: service_id,
    };
    const skipped = new Set(passed.map((start) => start.getTime()));
    unasked += bruteForce(known, read.taken, query as Parameters<typeof bruteForce>[2]).filter(
      ({ startsAt, verdict }) =>
        verdict === "free" &&
        !skipped.has(startsAt) &&
        epochMs(startsAt) >= now + leastOfferMinutes * MINUTE_MS,
    ).length;
  }
  return unasked;
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)]!;
}
