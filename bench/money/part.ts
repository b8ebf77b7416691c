import pg from "pg";
import { bookingOf } from "../../server/testing/booking.ts";
import { type MoneyWorld, openMoneyWorld, type PaidBooking } from "../../server/testing/moneyWorld.ts";
import { givePostgres } from "../../server/testing/postgres.ts";
import { fillPostgres } from "../../server/testing/startPostgres.ts";
import type { Mentor } from "../../server/testing/testApp.ts";
import { bestRates } from "../rates.ts";
import { postgresCpu } from "../reads/postgresCpu.ts";
import { describeMachine, type Section } from "../report.ts";
import { figure, microseconds, ratio, table } from "../table.ts";
import { startDurablePostgres } from "../world.ts";

const clients = 64;
/** For transactions: the app's own default. */
const connections = 16;
const perSample = 640;
const samples = 6;
const stalledCheckouts = 200;
const stalledMs = 30_000;
const freeClients = 8;
const freePerSample = 200;

export async function measureMoney(): Promise<Section> {
  const postgres = await startDurablePostgres();
  givePostgres(await fillPostgres(postgres.adminUrl));
  const world = await openMoneyWorld(clients);
  try {
    const payments = await measurePayments(world);
    const stalled = await measureStalled(world);
    return { title: "Money", text: [describeMachine(), payments, stalled, notes].join("\n\n") };
  } finally {
    await world.close();
    await postgres.stop();
  }
}

async function inLanes<T>(lanes: number, items: T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const lane = async () => {
    for (let item = items.pop(); item !== undefined; item = items.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function rateOf(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (count * 1000) / (performance.now() - startedAt);
}

/** Payments that arrive at once, against the rows of the ledger alone. */
async function measurePayments(world: MoneyWorld): Promise<string> {
  const { provider } = world;
  const { owner, ownerUrl } = world.test.db;
  const ready: PaidBooking[][] = [];
  for (let sample = 0; sample < samples; sample++) {
    const bookings: PaidBooking[] = [];
    for (let number = 0; number < perSample; number++) {
      const booking = await world.book();
      provider.pay(booking.orderId);
      bookings.push(booking);
    }
    ready.push(bookings);
  }
  await owner.query("vacuum analyze");
  const all = ready.flat();
  const pool = new pg.Pool({ connectionString: ownerUrl, max: connections, idleTimeoutMillis: 0 });
  const bare = ({ id, key }: PaidBooking) => pool.query({ ...bareInsert, values: [key.mentorId, id] });
  const cpu = new Map<string, number>();
  const measured = async (name: string, work: () => Promise<void>) => {
    let rate = 0;
    const used = await postgresCpu(owner, async () => {
      rate = await rateOf(perSample, work);
    });
    // The first of a connection has to plan.
    cpu.set(name, Math.min(cpu.get(name) ?? Number.POSITIVE_INFINITY, used / perSample));
    return rate;
  };
  const settle = "payments settled: booking, hold, payment, attempt, ledger, receipt, histories";
  const insert = "bare inserts into the ledger's two tables";
  const best = new Map([settle, insert].map((name) => [name, 0]));
  try {
    for (const batch of ready) {
      const settled = await measured(settle, () => inLanes(clients, batch, (booking) => world.sync(booking)));
      const inserted = await measured(insert, () => inLanes(clients, all.slice(0, perSample), bare));
      best.set(settle, Math.max(best.get(settle) ?? 0, settled));
      best.set(insert, Math.max(best.get(insert) ?? 0, inserted));
    }
    return `${table(
      [`${clients} at once`, "per second", "of bare inserts", "PostgreSQL's processor time"],
      [insert, settle].map((name) => [
        name,
        figure(best.get(name) ?? 0),
        ratio((best.get(name) ?? 0) / (best.get(insert) ?? 0)),
        microseconds(cpu.get(name) ?? 0),
      ]),
    )}

${await describeServer(owner)} Both write one transfer and one balance of the ledger each, ${clients} at once, over ${connections} connections;
the payments are of ${clients} mentors and the app has two more connections for single calls. The best of ${samples} samples of ${perSample} each, in turns.
Target: a quarter of the bare inserts.`;
  } finally {
    await pool.end();
  }
}

/** What the ledger alone costs: the same rows as a payment's, without a lock, a judgement or anything else. */
const bareInsert = {
  name: "bare_ledger",
  text: `with made as (
      insert into private.ledger_transfers (
        expert_id, kind, reference, from_kind, from_owner, to_kind, to_owner, currency, amount_minor, event_at)
      values ($1, 'bare', private.uuid_v7(), 'provider', $1, 'escrow', $2, 'INR', 200000, now()))
    insert into private.ledger_accounts (expert_id, kind, owner_id, currency, balance_minor)
      values ($1, 'escrow', private.uuid_v7(), 'INR', 200000)`,
};

async function describeServer(owner: pg.Client): Promise<string> {
  const names = ["fsync", "synchronous_commit", "full_page_writes", "shared_buffers"];
  const { rows } = await owner.query<{ name: string; setting: string }>(
    "select name, current_setting(name) as setting from unnest($1::text[]) name",
    [names],
  );
  return `PostgreSQL with ${rows.map(({ name, setting }) => `${name} ${setting}`).join(", ")}.`;
}

/** Bookings of free services, alone and while the provider gives no answer for 30 s. */
async function measureStalled(world: MoneyWorld): Promise<string> {
  const { test, provider } = world;
  const free = await Promise.all(
    Array.from({ length: freeClients }, () =>
      test.makeMentor({
        timezone: "UTC",
        windows: Array.from({ length: 7 }, (_, day_of_week) => ({
          day_of_week,
          start_time: "00:00",
          end_time: "24:00",
        })),
        services: [
          { session_type: "oneOnOneSession", title: "Free", durations: [{ minutes: 60, price: 0 }] },
        ],
      }),
    ),
  );
  const [student] = await test.signUpCrowd(1);
  if (!student) throw new Error("There is no student.");
  const hours = new Map(free.map(({ id }) => [id, 48]));
  const bookFree = async (mentor: Mentor) => {
    const hour = hours.get(mentor.id) ?? 48;
    hours.set(mentor.id, hour + 1);
    const start = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + hour * 3_600_000;
    (await student.call("POST", "/bookings", bookingOf(mentor, start))).expect(201);
  };
  const sample = () =>
    rateOf(freePerSample, async () => {
      const mentors = Array.from(
        { length: freePerSample },
        (_, number) => free[number % freeClients] as Mentor,
      );
      await inLanes(freeClients, mentors, bookFree);
    });
  const { fetchOrder } = provider;
  const alone = await bestRates([{ name: "alone", sample }], 1_000);
  // Payers ask what became of their payments, and the provider is silent.
  provider.fetchOrder = async () => {
    await new Promise((resolve) => setTimeout(resolve, stalledMs).unref());
    return { kind: "unknown", message: "No answer." };
  };
  const waiting: PaidBooking[] = [];
  for (let number = 0; number < stalledCheckouts; number++) waiting.push(await world.book());
  const asked = waiting.map((booking) => world.sync(booking).catch(() => undefined));
  const stalled = await bestRates([{ name: "stalled", sample }], 1_000);
  provider.fetchOrder = fetchOrder;
  void Promise.all(asked);
  const [before = 0, during = 0] = [alone.get("alone"), stalled.get("stalled")];
  return table(
    ["POST bookings, free services", "per second", "ratio"],
    [
      ["alone", figure(before), "1"],
      [
        `while ${stalledCheckouts} questions wait 30 s for the provider`,
        figure(during),
        ratio(during / before),
      ],
    ],
  );
}

const notes = `A settled payment is an answer of the provider in memory, which is asked for its order first; each payment is for another
booking. Those of one moment share a call of \`private.settle_captures()\`, two at a time, so they do without most of the ${connections}
connections. A bare insert is one statement. Free bookings go through the whole app, in its process.`;
