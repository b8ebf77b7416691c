import { randomUUID } from "node:crypto";
import { paymentTasks } from "../payments/jobs.ts";
import type { PaymentKey } from "../payments/paymentKey.ts";
import type { ProviderOrder } from "../payments/provider.ts";
import { syncPayment } from "../payments/settle.ts";
import { openTestProvider, type TestProvider } from "./paymentProvider.ts";
import { type Mentor, openTestApp, type TestApp } from "./testApp.ts";

/** A booking that was made for a proof, with its payment. */
export interface PaidBooking {
  id: string;
  key: PaymentKey;
  orderId: string;
}

/** A booking and its mentor. */
export interface Session {
  id: string;
  key: Pick<PaymentKey, "mentorId">;
}

/** Of one of the mentors. */
interface Offer {
  id: string;
  mentorId: string;
}

/** A package that is being bought, or is. */
export interface Purchase {
  id: string;
  key: PaymentKey;
  orderId: string;
  sessions: number;
  /** Minor units. */
  price: number;
}

/** Several sessions of one mentor that one payment is for. */
export interface HeldBasket {
  id: string;
  key: PaymentKey;
  orderId: string;
  sessions: Session[];
}

/**
 * Mentors, a student and a provider in memory. Bookings are written directly, each at its own hour, so that thousands fit;
 * everything after that is the app's own way.
 */
export interface MoneyWorld {
  test: TestApp;
  provider: TestProvider;
  book(options?: { approves?: boolean; coupon?: Offer }): Promise<PaidBooking>;
  /** A coupon of a quarter of the price. */
  offerCoupon(mostUses: number): Promise<Offer>;
  /** Begins to buy a package of sessions of the usual length. */
  buy(terms: { sessions: number; price: number }): Promise<Purchase>;
  /** Books a session of a bought package. @throws if it cannot be used */
  bookOf(purchase: Purchase): Promise<Session>;
  /** Books several hours of one mentor together. */
  bookTogether(options: { sessions: number; approves?: boolean }): Promise<HeldBasket>;
  /** Takes the time of a session that is off, if it is free. */
  takeTime(session: Session): Promise<void>;
  rows<Row extends object>(text: string, ...values: unknown[]): Promise<Row[]>;
  sync(paid: Pick<PaidBooking, "key">): Promise<string | undefined>;
  /** The same, with an answer that was on its way for longer. */
  syncWith(paid: Pick<PaidBooking, "key">, answer: ProviderOrder): Promise<string | undefined>;
  /** Runs the jobs that the database has enqueued for the bookings, until there are none. Returns how many. */
  runJobs(): Promise<number>;
  /** As one of the two parties, or as the system. */
  step(booking: Session, by: "student" | "mentor", to: "confirmed" | "cancelled"): Promise<void>;
  lapse(booking: Session): Promise<void>;
  close(): Promise<void>;
}

/** A provider whose answers get lost answers the next time. */
const mostRounds = 20;

export async function openMoneyWorld(mentorCount = 4): Promise<MoneyWorld> {
  const provider = openTestProvider();
  const test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  const { owner, database } = test.db;
  const windows = Array.from({ length: 7 }, (_, day_of_week) => ({
    day_of_week,
    start_time: "00:00",
    end_time: "24:00",
  }));
  const mentors = await Promise.all(
    Array.from({ length: mentorCount }, () => test.makeMentor({ windows, timezone: "UTC" })),
  );
  const [student] = await test.signUpCrowd(1);
  if (!student) throw new Error("There is no student.");
  const tasks = paymentTasks({ database }, provider);
  let turn = 0;
  /** How many hours each mentor has been booked for. */
  const booked = new Map<string, number>();

  async function rows<Row extends object>(text: string, ...values: unknown[]): Promise<Row[]> {
    return (await owner.query<Row>(text, values)).rows;
  }

  const nextMentor = () => mentors[turn++ % mentorCount] as Mentor;
  const mentorOf = (id: string) => mentors.find((mentor) => mentor.id === id) as Mentor;

  async function insertBooking(
    mentor: Mentor,
    status: "pending" | "confirmed",
    {
      coupon_id = null,
      package_purchase_id = null,
    }: Partial<Record<"coupon_id" | "package_purchase_id", string | null>>,
  ): Promise<Session> {
    const service = mentor.services[0];
    const hour = booked.get(mentor.id) ?? 0;
    booked.set(mentor.id, hour + 1);
    const startsAt = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + (48 + hour) * 3_600_000);
    await database.asSystem("a booking for a proof", student?.id ?? null, ({ client }) =>
      client.query(
        `insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
           starts_at, status, coupon_id, package_purchase_id)
         values ($1, $2, $3, $4, $5::timestamptz::date, '00:00', 60, $5, $6, $7, $8)`,
        [
          student?.id,
          mentor.id,
          service?.id,
          service?.session_type,
          startsAt,
          status,
          coupon_id,
          package_purchase_id,
        ],
      ),
    );
    const [made] = await rows<{ id: string }>(
      "select id from bookings where expert_id = $1 and starts_at = $2",
      mentor.id,
      startsAt,
    );
    if (!made) throw new Error("Nothing is booked.");
    return { id: made.id, key: { mentorId: mentor.id } };
  }

  /** Creates the order of a payment at the provider. Returns its id. */
  async function order({ mentorId, paymentId }: PaymentKey): Promise<string> {
    const [facts] = await rows<{ amount_minor: number; capture: "automatic" | "manual" }>(
      "select amount_minor, capture from payments where id = $1",
      paymentId,
    );
    const created = await provider.createOrder({
      paymentId,
      amount: { minor: facts?.amount_minor, currency: "INR" } as never,
      capture: facts?.capture ?? "automatic",
      description: "",
      payer: { name: "", email: "" },
    });
    if (created.kind !== "done") throw new Error("The order was not made.");
    await rows("select private.set_payment_order($1, $2, $3)", mentorId, paymentId, created.value.id);
    return created.value.id;
  }

  async function runJobs(): Promise<number> {
    let ran = 0;
    for (let round = 1; ; round++) {
      const jobs = await rows<{ id: string; task: string; payload: unknown }>(
        `select j.id, t.identifier as task, j.payload from graphile_worker._private_jobs j
           join graphile_worker._private_tasks t on t.id = j.task_id
         where t.identifier in ('sync_payment', 'send_refund', 'release_authorizations', 'capture_payment', 'close_order',
           'refund_no_show') order by j.id`,
      );
      if (jobs.length === 0) return ran;
      ran += jobs.length;
      if (round > 2 * mostRounds) throw new Error(`Jobs cause each other: ${jobs[0]?.task}`);
      for (const { id, task, payload } of jobs) {
        await rows("delete from graphile_worker._private_jobs where id = $1", id);
        try {
          await tasks[task]?.(payload, undefined as never);
        } catch (error) {
          if (round > mostRounds) throw new Error(`${task} is never done`, { cause: error });
          // As the queue does: again, until it is clear how it ended.
          await rows("select private.enqueue($1, $2)", task, JSON.stringify(payload));
        }
      }
    }
  }

  return {
    test,
    provider,
    rows,
    runJobs,
    sync: ({ key }) => syncPayment({ database, provider }, key),
    syncWith: ({ key }, value) =>
      syncPayment(
        { database, provider: { ...provider, fetchOrder: async () => ({ kind: "done", value }) } },
        key,
      ),
    async book({ approves = false, coupon } = {}) {
      const session = await insertBooking(
        coupon ? mentorOf(coupon.mentorId) : nextMentor(),
        approves ? "pending" : "confirmed",
        { coupon_id: coupon?.id ?? null },
      );
      const [made] = await rows<{ id: string }>("select id from payments where booking_id = $1", session.id);
      if (!made) throw new Error("The booking has no payment.");
      const key = { mentorId: session.key.mentorId, paymentId: made.id };
      return { id: session.id, key, orderId: await order(key) };
    },
    async offerCoupon(mostUses) {
      const mentor = nextMentor();
      const [made] = await rows<{ id: string }>(
        `insert into coupons (expert_id, code, basis_points, max_uses, max_uses_per_student)
         values ($1, upper(replace(gen_random_uuid()::text, '-', '')), 2500, $2, null) returning id`,
        mentor.id,
        mostUses,
      );
      return { id: made?.id ?? "", mentorId: mentor.id };
    },
    async buy({ sessions, price }) {
      const mentor = nextMentor();
      const [offered] = await rows<{ id: string }>(
        `insert into packages (expert_id, service_id, minutes, sessions, price_minor, valid_days)
         values ($1, $2, 60, $3, $4, 90) returning id`,
        mentor.id,
        mentor.services[0]?.id,
        sessions,
        price,
      );
      const [begun] = await rows<{ id: string }>(
        "select private.buy_package($1, $2, $3) as id",
        student.id,
        mentor.id,
        offered?.id,
      );
      const [bought] = await rows<{ purchase: string; payment: string }>(
        "select package_purchase_id as purchase, id as payment from payments where package_purchase_id = $1",
        begun?.id,
      );
      if (!bought) throw new Error("Nothing was bought.");
      const key = { mentorId: mentor.id, paymentId: bought.payment };
      return { id: bought.purchase, key, orderId: await order(key), sessions, price };
    },
    async bookTogether({ sessions, approves = false }) {
      const mentor = nextMentor();
      const service = mentor.services[0];
      const basketId = randomUUID();
      const hour = booked.get(mentor.id) ?? 0;
      booked.set(mentor.id, hour + sessions);
      const first = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + (48 + hour) * 3_600_000;
      const price = Math.round((service?.durations.find(({ minutes }) => minutes === 60)?.price ?? 0) * 100);
      await database.asSystem("a basket for a proof", student.id, async ({ client }) => {
        await client.query(
          "insert into baskets (id, expert_id, user_id, total_minor, currency) values ($1, $2, $3, $4, 'INR')",
          [basketId, mentor.id, student.id, price * sessions],
        );
        await client.query(
          `insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
             starts_at, status, basket_id)
           select $1, $2, $3, $4, s::date, '00:00', 60, s, $5, $6
           from generate_series($7::timestamptz, $7::timestamptz + ($8 - 1) * interval '1 hour', interval '1 hour') s`,
          [
            student.id,
            mentor.id,
            service?.id,
            service?.session_type,
            approves ? "pending" : "confirmed",
            basketId,
            new Date(first),
            sessions,
          ],
        );
        await client.query("select private.open_basket($1, $2)", [mentor.id, basketId]);
      });
      const made = await rows<{ id: string }>(
        "select id from bookings where basket_id = $1 order by starts_at",
        basketId,
      );
      const [paid] = await rows<{ id: string }>(
        "select id from payments where basket_id = $1 and booking_id is null",
        basketId,
      );
      if (!paid) throw new Error("The basket has no payment.");
      const key = { mentorId: mentor.id, paymentId: paid.id };
      const orderId = await order(key);
      return { id: basketId, key, orderId, sessions: made.map(({ id }) => ({ id, key })) };
    },
    async takeTime({ id, key }) {
      await rows(
        `insert into occupancies (expert_id, starts_at, ends_at, during, state)
         select expert_id, starts_at, ends_at, tstzrange(starts_at, ends_at), 'booked' from bookings b
         where b.id = $1 and b.status = 'cancelled' and not exists (
           select from occupancies o where o.expert_id = $2 and o.during && tstzrange(b.starts_at, b.ends_at))`,
        id,
        key.mentorId,
      );
    },
    bookOf: ({ id, key }) => insertBooking(mentorOf(key.mentorId), "confirmed", { package_purchase_id: id }),
    async step(booking, by, to) {
      const who = by === "mentor" ? booking.key.mentorId : student.id;
      // test.db.as() would open a connection each time.
      await database.asUser(who, ({ client }) =>
        client.query("select from change_booking_status($1, $2, $3)", [booking.key.mentorId, booking.id, to]),
      );
    },
    async lapse({ id, key }) {
      await rows("set session_replication_role = replica");
      await rows(
        "update bookings set expires_at = now() - interval '1 second' where id = $1 and expires_at is not null",
        id,
      );
      await rows("reset session_replication_role");
      await rows("select private.sweep_mentor($1, 10)", key.mentorId);
    },
    close: () => test.close(),
  };
}
