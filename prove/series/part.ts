import { randomUUID } from "node:crypto";
import fc from "fast-check";
import pg from "pg";
import { series } from "#contract/series.ts";
import { PROVE_RUNS, PROVE_SEED, ZONES } from "#scheduling/testing/comparison.ts";
import { seriesAgree, seriesCaseIn } from "#scheduling/testing/seriesComparison.ts";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import { moneyFaults } from "../../server/testing/moneyFaults.ts";
import { type HeldBasket, type MoneyWorld, openMoneyWorld } from "../../server/testing/moneyWorld.ts";
import { type Mentor, openTestApp, type Person } from "../../server/testing/testApp.ts";
import { seriesOf, weeklyStarts } from "../../server/testing/together.ts";
import { killAt, type Point, points } from "../crashes/points.ts";
import { startVictim } from "../crashes/victim.ts";
import { callOver } from "../overHttp.ts";
import type { Finding, Prove } from "../proof.ts";
import { onStage, type Stage } from "../stage.ts";
import { playProgrammes } from "./programmes.ts";

const sessions = 12;

/** Where the app is killed while it books a series. */
const bookingPoints: readonly { table: string; what: string; point: Point }[] = [
  { table: "public.series", what: "with the row of the series", point: points.inserted },
  { table: "public.bookings", what: "with its first booking", point: points.inserted },
  { table: "public.booking_events", what: "with its history", point: points.inserted },
  { table: "public.bookings", what: "while it commits", point: points.committing },
];
/** Where the settling of a basket's payment is ended. */
const payingPoints: readonly { table: string; what: string; point: Point }[] = [
  { table: "public.payment_attempts", what: "with the attempt", point: points.inserted },
  { table: "private.ledger_transfers", what: "with the first line of the ledger", point: points.inserted },
  { table: "public.documents", what: "with the first receipt", point: points.inserted },
  { table: "public.documents", what: "while it commits", point: points.committing },
];

export const seriesProof: Prove = async (scale) => {
  const findings = [
    ...(scale === "long" ? await killWhileBooking() : []),
    ...(await endWhilePaying(scale === "long" ? payingPoints : payingPoints.slice(1, 2))),
    await oneByOne(),
    ...(await playProgrammes(scale)),
    ...(await countStatements()),
    // The short form is a test of the engine (scheduling/series.test.ts).
    ...(scale === "long" ? [compareInEveryZone(Math.max(10_000, PROVE_RUNS))] : []),
  ];
  return { title: "Series, baskets and programmes: all of them or none", findings, notes };
};

async function makeSeries({
  test,
  people,
}: Stage): Promise<{ mentor: Mentor; person: Person; body: object }> {
  const mentor = await test.makeMentor({ settings: { instant_confirm: true, booking_window_days: 365 } });
  const [person] = people as [Person];
  return { mentor, person, body: seriesOf(mentor, await weeklyStarts(person, mentor, sessions)) };
}

/** How many series and bookings a mentor has, and what the ledger says about it. */
async function countOf({ test }: Pick<Stage, "test">, mentor: { id: string }) {
  const { rows } = await test.db.owner.query<{ series: number; bookings: number }>(
    `select (select count(*)::int from series where expert_id = $1) as series,
       (select count(*)::int from bookings where expert_id = $1 and series_id is not null) as bookings`,
    [mentor.id],
  );
  const { series: made = -1, bookings = -1 } = rows[0] ?? {};
  const faults = (await ledgerFaults(test.db.owner)).length;
  return { made, bookings, faults, isWhole: bookings === made * sessions && made <= 1 && faults === 0 };
}

async function killWhileBooking(): Promise<Finding[]> {
  return onStage(1, async (stage) => {
    const findings: Finding[] = [];
    for (const { table, what, point } of bookingPoints) {
      for (const isLost of [true, false]) {
        const { mentor, person, body } = await makeSeries(stage);
        const key = { "idempotency-key": `series ${table} ${what} ${isLost}` };
        const victim = await startVictim("main", stage.test.db.ownerUrl);
        const ask = (address: string) => callOver(address, person.token)("POST", "/series", body, key);
        await killAt(stage.test.db.owner, point, table, {
          run: () => ask(victim.address).catch(() => undefined),
          kill: () => victim.kill(),
          isLost,
        });
        const after = await countOf(stage, mentor);
        const next = await startVictim("main", stage.test.db.ownerUrl);
        const again = (await ask(next.address)).expect(201).read(series);
        await next.kill();
        const inTheEnd = await countOf(stage, mentor);
        findings.push({
          promise: `A series of ${sessions}, the app killed ${what}${isLost ? ", its transaction lost" : ""}`,
          figure: `${after.bookings} sessions after the kill · ${inTheEnd.bookings} in ${inTheEnd.made} series after the same request`,
          holds:
            after.isWhole && inTheEnd.isWhole && inTheEnd.made === 1 && again.sessions.length === sessions,
        });
      }
    }
    return findings;
  });
}

/** Of the bookings of a basket: how many are booked, and whether they are all of them or none. */
async function bookedOf(world: MoneyWorld, { id }: Pick<HeldBasket, "id">) {
  const rows = await world.rows<{ is_unpaid: boolean; captured: number | null }>(
    `select b.status_when_paid is not null as is_unpaid, p.captured_minor as captured
     from bookings b join payments p on p.booking_id = b.id where b.basket_id = $1`,
    id,
  );
  const booked = rows.filter(({ is_unpaid, captured }) => !is_unpaid && (captured ?? 0) > 0).length;
  const held = rows.filter(({ is_unpaid, captured }) => is_unpaid && captured === 0).length;
  return {
    booked,
    isWhole: (booked === rows.length && held === 0) || (booked === 0 && held === rows.length),
  };
}

async function endWhilePaying(where: typeof payingPoints): Promise<Finding[]> {
  const world = await openMoneyWorld(1);
  try {
    const findings: Finding[] = [];
    for (const { table, what, point } of where) {
      const basket = await world.bookTogether({ sessions: 4 });
      world.provider.pay(basket.orderId);
      await killAt(world.test.db.owner, point, table, {
        run: () => world.sync(basket).catch(() => undefined),
        kill: async () => undefined,
        isLost: true,
      });
      const after = await bookedOf(world, basket);
      await world.sync(basket);
      const inTheEnd = await bookedOf(world, basket);
      const faults = await moneyFaults(world.test.db.owner);
      findings.push({
        promise: `The payment of a basket of 4, its transaction ended ${what}`,
        figure: `${after.booked} booked after it · ${inTheEnd.booked} when the provider was asked again · ${faults.length} faults in the books`,
        holds: after.isWhole && inTheEnd.booked === 4 && inTheEnd.isWhole && faults.length === 0,
      });
    }
    return findings;
  } finally {
    await world.close();
  }
}

/** The same sessions with a transaction each: what the one transaction is for. */
async function oneByOne(): Promise<Finding> {
  return onStage(1, async (stage) => {
    const { mentor, person } = await makeSeries(stage);
    const { owner, database } = stage.test.db;
    const starts = await weeklyStarts(person, mentor, sessions);
    const service = mentor.services[0];
    const { rows } = await owner.query<{ id: string }>(
      `insert into series (expert_id, user_id, service_id, duration, pattern, payment)
       values ($1, $2, $3, 60, 'weekly', 'at_once') returning id`,
      [mentor.id, person.id, service?.id],
    );
    const bookAt = (start: number, place: number) =>
      database.asSystem("a series without its transaction", person.id, ({ client }) =>
        client.query(
          `insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration, starts_at,
             status, series_id, series_place)
           values ($1, $2, $3, $4, $5::timestamptz::date, '00:00', 60, $5, 'confirmed', $6, $7)`,
          [person.id, mentor.id, service?.id, service?.session_type, new Date(start), rows[0]?.id, place],
        ),
      );
    await bookAt(starts[0] ?? 0, 1);
    await killAt(owner, points.inserted, "public.bookings", {
      run: () => bookAt(starts[1] ?? 0, 2).catch(() => undefined),
      kill: async () => undefined,
      isLost: true,
    });
    const { bookings, isWhole } = await countOf(stage, mentor);
    return {
      promise: "without the one transaction, a series is left in part",
      figure: `${bookings} of ${sessions} sessions after the kill`,
      holds: !isWhole && bookings === 1,
      twin: true,
    };
  });
}

/** Statements that the app sends for a series: as many for 12 sessions as for 2. */
async function countStatements(): Promise<Finding[]> {
  const test = await openTestApp();
  try {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const count = async (size: number) => {
      const mentor = await test.makeMentor({
        settings: { instant_confirm: true, booking_window_days: 730 },
      });
      const body = seriesOf(mentor, await weeklyStarts(person, mentor, size));
      const seen = watchStatements();
      (await person.call("POST", "/series", body, { "idempotency-key": randomUUID() })).expect(201);
      return seen.end();
    };
    // Once, so that what the app reads once is read.
    await count(2);
    const [few, twelve, most] = [await count(2), await count(sessions), await count(52)];
    return [
      {
        promise: "A series takes as many statements however many sessions it has",
        figure: `${few} for 2 sessions, ${twelve} for ${sessions}, ${most} for 52, with begin, commit and the key of the request`,
        holds: few === twelve && twelve === most,
      },
    ];
  } finally {
    await test.close();
  }
}

/** Counts what is sent from now on by the connection that writes the series: others announce what came before. */
function watchStatements() {
  const { query } = pg.Client.prototype;
  const sent = new Map<pg.Client, string[]>();
  pg.Client.prototype.query = function counted(this: pg.Client, ...args: unknown[]) {
    sent.set(this, [...(sent.get(this) ?? []), JSON.stringify(args[0])]);
    return Reflect.apply(query, this, args) as never;
  } as never;
  return {
    end: () => {
      pg.Client.prototype.query = query;
      const writing = [...sent.values()].find((texts) =>
        texts.some((text) => text.includes("insert into series")),
      );
      return writing?.slice(writing.findLastIndex((text) => text.includes("begin"))).length ?? 0;
    },
  };
}

function compareInEveryZone(runs: number): Finding {
  const startedAt = performance.now();
  let cases = 0;
  let complaint = "no difference";
  const perZone = Math.max(1, Math.ceil(runs / ZONES.length));
  try {
    for (const [index, zone] of ZONES.entries()) {
      fc.assert(
        fc.property(seriesCaseIn(zone), (one) => {
          cases += 1;
          return seriesAgree(one);
        }),
        { numRuns: perZone, seed: PROVE_SEED + index },
      );
    }
  } catch (error) {
    complaint = String(error).slice(0, 600);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return {
    promise: "The engine and a second implementation agree on the starts, verdicts and substitutes of series",
    figure: `${cases} series in ${ZONES.length} zones, seed ${PROVE_SEED} · ${complaint} · ${seconds} s`,
    holds: complaint === "no difference",
  };
}

const notes = `The app is killed as in the proof of kills: a trigger makes it wait at the point. In half of the rounds its transaction is
lost with it, in the others the database goes on with what it has received. Then the same request is sent again with its key. The
settling of a payment is ended by its backend, and the provider is asked again. The statements are those that the app hands to its
driver. The second implementation counts in Temporal and judges minute by minute (\`scheduling/testing/bruteSeries.ts\`).
In the histories of programmes people join (alone, all at once, or killed on the way), pay, let holds lapse and leave, while the mentor
cancels dates or all and changes the seats, and decisions fall. \`prove/series/programmeModel.ts\` says what has to come of it; what each
person has paid is what the provider has kept.`;
