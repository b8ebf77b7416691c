import { paymentTasks } from "../payments/jobs.ts";
import type { PaymentKey } from "../payments/paymentKey.ts";
import type { ProviderOrder } from "../payments/provider.ts";
import { syncPayment } from "../payments/settle.ts";
import { openTestProvider, type TestProvider } from "./paymentProvider.ts";
import { openTestApp, type TestApp } from "./testApp.ts";

/** A booking that was made for a proof, with its payment. */
export interface PaidBooking {
  id: string;
  key: PaymentKey;
  orderId: string;
}

/**
 * Mentors, a student and a provider in memory. Bookings are written directly, each at its own hour, so that thousands fit;
 * everything after that is the app's own way.
 */
export interface MoneyWorld {
  test: TestApp;
  provider: TestProvider;
  book(options?: { approves?: boolean }): Promise<PaidBooking>;
  rows<Row extends object>(text: string, ...values: unknown[]): Promise<Row[]>;
  sync(booking: PaidBooking): Promise<string | undefined>;
  /** The same, with an answer that was on its way for longer. */
  syncWith(booking: PaidBooking, answer: ProviderOrder): Promise<string | undefined>;
  /** Runs the jobs that the database has enqueued for the bookings, until there are none. Returns how many. */
  runJobs(): Promise<number>;
  /** As one of the two parties, or as the system. */
  step(booking: PaidBooking, by: "student" | "mentor", to: "confirmed" | "cancelled"): Promise<void>;
  lapse(booking: PaidBooking): Promise<void>;
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
  let count = 0;

  async function rows<Row extends object>(text: string, ...values: unknown[]): Promise<Row[]> {
    return (await owner.query<Row>(text, values)).rows;
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
    async book({ approves = false } = {}) {
      const mentor = mentors[count % mentorCount];
      const service = mentor?.services[0];
      if (!mentor || !service) throw new Error("There is no mentor.");
      const startsAt = new Date(
        Math.ceil(Date.now() / 3_600_000) * 3_600_000 + (48 + Math.floor(count++ / mentorCount)) * 3_600_000,
      );
      await database.asSystem("a booking for a proof", student.id, ({ client }) =>
        client.query(
          `insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
             starts_at, status) values ($1, $2, $3, $4, $5::timestamptz::date, '00:00', 60, $5, $6)`,
          [
            student.id,
            mentor.id,
            service.id,
            service.session_type,
            startsAt,
            approves ? "pending" : "confirmed",
          ],
        ),
      );
      const [made] = await rows<{ id: string; booking_id: string }>(
        `select p.id, p.booking_id from payments p join bookings b on b.id = p.booking_id
         where b.expert_id = $1 and b.starts_at = $2`,
        mentor.id,
        startsAt,
      );
      if (!made) throw new Error("The booking has no payment.");
      const [facts] = await rows<{ amount_minor: number; capture: "automatic" | "manual" }>(
        "select amount_minor, capture from payments where id = $1",
        made.id,
      );
      const order = await provider.createOrder({
        paymentId: made.id,
        amount: { minor: facts?.amount_minor, currency: "INR" } as never,
        capture: facts?.capture ?? "automatic",
        description: "",
        payer: { name: "", email: "" },
      });
      if (order.kind !== "done") throw new Error("The order was not made.");
      await rows("select private.set_payment_order($1, $2, $3)", mentor.id, made.id, order.value.id);
      return {
        id: made.booking_id,
        key: { mentorId: mentor.id, paymentId: made.id },
        orderId: order.value.id,
      };
    },
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
