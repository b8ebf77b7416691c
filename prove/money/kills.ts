import { setTimeout as sleep } from "node:timers/promises";
import type { Booking } from "#contract/bookings.ts";
import { payment } from "#contract/payments.ts";
import { bookAny } from "../../server/testing/booking.ts";
import { allowQueue } from "../../server/testing/jobs.ts";
import { moneyFaults } from "../../server/testing/moneyFaults.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../../server/testing/testApp.ts";
import { killAt } from "../crashes/points.ts";
import { startVictim, type Victim } from "../crashes/victim.ts";
import type { Finding } from "../proof.ts";

/** People who book and pay at the sandbox, whose webhooks are lost: only jobs ask and act. */
export interface Stage {
  test: TestApp;
  instant: Mentor;
  careful: Mentor;
  student: Person;
}

interface Step {
  name: string;
  /** A booking that leaves a job to do. */
  arrange: (stage: Stage) => Promise<Booking>;
  /** Where the worker is killed: a table and the event of a trigger on it. */
  table: string;
  event: string;
  /** What the payment is in the end. */
  end: { state: string; payment_status: string };
}

async function hold({ student }: Stage, mentor: Mentor): Promise<Booking> {
  const held = await bookAny(student, mentor);
  (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
  return held;
}

export async function orderOf({ test }: Stage, { id }: Booking): Promise<string> {
  const { rows } = await test.db.owner.query<{ order_id: string }>(
    `select o.order_id from private.payment_orders o join payments p on p.id = o.payment_id where p.booking_id = $1`,
    [id],
  );
  return rows[0]?.order_id ?? "";
}

/** Held and paid at the provider; the app does not know yet. */
export async function pay(stage: Stage, mentor: Mentor): Promise<Booking> {
  const held = await hold(stage, mentor);
  const paid = await stage.test.sandbox?.payer.pay(await orderOf(stage, held), { manner: "none" });
  if (paid?.kind !== "done") throw new Error("The sandbox was not paid.");
  return held;
}

export async function settle(stage: Stage, mentor: Mentor): Promise<Booking> {
  const held = await pay(stage, mentor);
  (await stage.student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
  return held;
}

const steps: readonly Step[] = [
  {
    name: "while it books a payment in the ledger",
    arrange: async (stage) => {
      const held = await pay(stage, stage.instant);
      await stage.test.db.owner.query("update payments set poll_at = now() where booking_id = $1", [held.id]);
      await stage.test.db.owner.query("select private.enqueue('poll_payments')");
      return held;
    },
    table: "private.ledger_transfers",
    event: "insert",
    end: { state: "captured", payment_status: "completed" },
  },
  {
    name: "while the provider refunds",
    arrange: async (stage) => {
      const session = await settle(stage, stage.instant);
      (await stage.student.call("POST", `/bookings/${session.id}/cancel`)).expect(200);
      return session;
    },
    table: "private.sandbox_refunds",
    event: "insert",
    end: { state: "captured", payment_status: "refunded" },
  },
  {
    name: "after the provider has refunded, before it is noted",
    arrange: async (stage) => {
      const session = await settle(stage, stage.instant);
      (await stage.student.call("POST", `/bookings/${session.id}/cancel`)).expect(200);
      return session;
    },
    table: "public.refunds",
    event: "update",
    end: { state: "captured", payment_status: "refunded" },
  },
  {
    name: "after the provider has charged, before it is noted",
    arrange: async (stage) => {
      const request = await settle(stage, stage.careful);
      (await stage.careful.call("POST", `/bookings/${request.id}/confirm`)).expect(200);
      return request;
    },
    table: "public.payment_attempts",
    event: "update",
    end: { state: "captured", payment_status: "completed" },
  },
  {
    name: "after the provider has released, before it is noted",
    arrange: async (stage) => {
      const request = await settle(stage, stage.careful);
      (await stage.careful.call("POST", `/bookings/${request.id}/decline`)).expect(200);
      return request;
    },
    table: "public.payment_attempts",
    event: "update",
    end: { state: "released", payment_status: "refunded" },
  },
];

const startWorker = ({ test }: Stage) =>
  startVictim("worker", test.db.ownerUrl, { PAYMENTS: "sandbox", PUBLIC_URL: "http://127.0.0.1:1" });

async function read({ student }: Stage, { id }: Booking) {
  return (await student.call("GET", `/bookings/${id}/payment`)).expect(200).read(payment);
}

/** Kills a worker at the step, lets another one go on, and returns what is wrong in the end. */
async function killAndFinish(stage: Stage, { name, arrange, table, event, end }: Step): Promise<string[]> {
  const { owner } = stage.test.db;
  const session = await arrange(stage);
  let victim: Victim | undefined;
  const trigger = (on: string) =>
    `create trigger gate after ${event} on ${on} for each row execute function private.gate()`;
  await killAt(owner, { name, trigger }, table, {
    run: async () => {
      victim = await startWorker(stage);
    },
    kill: async () => {
      while (!victim) await sleep(20);
      await victim.kill();
    },
  });
  return comeToTheEnd(stage, name, session, end);
}

/** Lets a worker do what is left of a payment, and returns what is wrong in the end. */
export async function comeToTheEnd(
  stage: Stage,
  name: string,
  session: Booking,
  end: Step["end"],
): Promise<string[]> {
  const { owner } = stage.test.db;
  const deadline = performance.now() + 90_000;
  let found = await read(stage, session);
  const isOver = () => found.state === end.state && found.payment_status === end.payment_status;
  const next = isOver() ? undefined : await startWorker(stage);
  while (!isOver() && performance.now() < deadline) {
    await sleep(250);
    // The webhooks are lost, and the next poll is a minute away.
    await owner.query("update payments set poll_at = now() where booking_id = $1 and poll_at is not null", [
      session.id,
    ]);
    await owner.query("select private.enqueue('poll_payments', '{}', 'poll_payments')");
    found = await read(stage, session);
  }
  await next?.kill();
  const faults = await moneyFaults(owner);
  if (!isOver()) faults.push(`${name}: ${found.state}, ${found.payment_status}`);
  const { rows } = await owner.query<{ refunds: number }>(
    `select count(*)::int as refunds from private.sandbox_refunds r join private.sandbox_attempts a on a.id = r.attempt_id
     where a.order_id = $1`,
    [await orderOf(stage, session)],
  );
  const refunds = end.payment_status === "refunded" && end.state === "captured" ? 1 : 0;
  if (rows[0]?.refunds !== refunds) faults.push(`${name}: ${rows[0]?.refunds} refunds at the provider`);
  return faults;
}

/** What the kills happen to: an app with the sandbox, whose mentors confirm at once and by hand. */
export async function openStage(): Promise<Stage> {
  const test = await openTestApp({ payments: "sandbox" });
  await allowQueue(test.db);
  const [student] = await test.signUpCrowd(1);
  if (!student) throw new Error("There is no student.");
  return {
    test,
    student,
    instant: await test.makeMentor({ settings: { instant_confirm: true } }),
    careful: await test.makeMentor({ settings: { instant_confirm: false } }),
  };
}

/** A worker is killed at each step that money takes; the next one ends it, once. */
export async function proveKills(rounds: number): Promise<Finding> {
  const stage = await openStage();
  try {
    const faults: string[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const step of steps) faults.push(...(await killAndFinish(stage, step)));
    }
    return {
      promise:
        "a worker that is killed at any step leaves no payment halfway, and nothing is refunded or charged twice",
      figure: `${rounds * steps.length} workers killed at ${steps.length} steps, ${faults.length} faults${faults.length > 0 ? `: ${faults.slice(0, 4).join(" | ")}` : ""}`,
      holds: faults.length === 0,
    };
  } finally {
    await stage.test.close();
  }
}
