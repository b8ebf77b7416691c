import { setTimeout as sleep } from "node:timers/promises";
import type { Booking } from "#contract/bookings.ts";
import { payment } from "#contract/payments.ts";
import { sandboxWebhooks } from "../../server/payments/sandbox/webhooks.ts";
import { bookAny } from "../../server/testing/booking.ts";
import { allowQueue } from "../../server/testing/jobs.ts";
import { moneyFaults } from "../../server/testing/moneyFaults.ts";
import {
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testSecret,
} from "../../server/testing/testApp.ts";
import { killAt } from "../crashes/points.ts";
import { startVictim, type Victim } from "../crashes/victim.ts";
import type { Finding } from "../proof.ts";

export const sandbox = { PAYMENTS: "sandbox", PUBLIC_URL: "http://127.0.0.1:1" };
export const webhooks = sandboxWebhooks(testSecret, sandbox.PUBLIC_URL);

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
  end: End;
}

/** What becomes of a payment in the end. */
export interface End {
  state: string;
  payment_status: string;
  /** Whether its mentor has been credited. */
  earned?: boolean;
}

/** How it came to its end: what is wrong, and how long it took, s. */
export interface Recovery {
  faults: string[];
  seconds: number;
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

/** Tells the app about a payment, as the provider does. */
async function report(stage: Stage, booking: Booking): Promise<void> {
  const { body, headers } = webhooks.write(
    { id: `event-${booking.id}`, type: "order.paid", order_id: await orderOf(stage, booking) },
    Math.floor(Date.now() / 1000),
  );
  (await stage.student.call("POST", "/webhooks/sandbox", body, headers)).expect(200);
}

const steps: readonly Step[] = [
  {
    name: "while it books a payment that a webhook reports",
    arrange: async (stage) => {
      const held = await pay(stage, stage.instant);
      await report(stage, held);
      return held;
    },
    table: "private.ledger_transfers",
    event: "insert",
    end: { state: "captured", payment_status: "completed" },
  },
  {
    name: "while it books a payment that no webhook reports",
    arrange: (stage) => pay(stage, stage.instant),
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
  {
    name: "while it credits the mentor",
    arrange: async (stage) => {
      const session = await settle(stage, stage.instant);
      const { owner } = stage.test.db;
      // It took place, and its dispute window is over: the clock enqueues the job every ten minutes.
      await owner.query("set session_replication_role = replica");
      await owner.query("update bookings set status = 'completed' where id = $1", [session.id]);
      await owner.query("update payments set due_at = now() where booking_id = $1", [session.id]);
      await owner.query("reset session_replication_role");
      await owner.query("select private.enqueue('earn_payments', job_key => 'earn_payments')");
      return session;
    },
    table: "private.ledger_transfers",
    event: "insert",
    end: { state: "captured", payment_status: "completed", earned: true },
  },
];

const startWorker = ({ test }: Stage) => startVictim("worker", test.db.ownerUrl, sandbox);

async function read({ student, test }: Stage, { id }: Booking): Promise<End> {
  const { state, payment_status } = (await student.call("GET", `/bookings/${id}/payment`))
    .expect(200)
    .read(payment);
  const { rows } = await test.db.owner.query<{ earned: boolean }>(
    "select earned_at is not null as earned from payments where booking_id = $1",
    [id],
  );
  return { state, payment_status, earned: rows[0]?.earned ?? false };
}

/** Kills a worker at the step, and lets another one go on. */
async function killAndFinish(
  stage: Stage,
  { name, arrange, table, event, end }: Step,
  isLost: boolean,
): Promise<Recovery> {
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
    // A payment that nothing reports is asked about in the second minute.
    patience: 180_000,
    isLost,
  });
  return comeToTheEnd(stage, name, session, end);
}

/** The next poll of a payment about which no event came, and the one after a poll that was killed: minutes. */
const patienceMs = 420_000;

/** Lets a worker do what is left of a payment, as in production: nothing but time helps it. */
export async function comeToTheEnd(
  stage: Stage,
  name: string,
  session: Booking,
  end: End,
): Promise<Recovery> {
  const { owner } = stage.test.db;
  const startedAt = performance.now();
  let found = await read(stage, session);
  const isOver = () =>
    found.state === end.state &&
    found.payment_status === end.payment_status &&
    found.earned === (end.earned ?? false);
  const next = isOver() ? undefined : await startWorker(stage);
  while (!isOver() && performance.now() - startedAt < patienceMs) {
    await sleep(250);
    found = await read(stage, session);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await next?.kill();
  const faults = await moneyFaults(owner);
  if (!isOver()) faults.push(`${name}: ${JSON.stringify(found)} after ${seconds.toFixed(0)} s`);
  const { rows } = await owner.query<{ refunds: number }>(
    `select count(*)::int as refunds from private.sandbox_refunds r join private.sandbox_attempts a on a.id = r.attempt_id
     where a.order_id = $1`,
    [await orderOf(stage, session)],
  );
  const refunds = end.payment_status === "refunded" && end.state === "captured" ? 1 : 0;
  if (rows[0]?.refunds !== refunds) faults.push(`${name}: ${rows[0]?.refunds} refunds at the provider`);
  return { faults, seconds };
}

/** What the kills happen to: an app with the sandbox, whose mentors confirm at once and by hand. */
async function openStage(): Promise<Stage> {
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

/** How many steps at a time: most of it is waiting, but each kill starts two processes. */
const lanes = 3;

/** Kills at each of some steps, in databases of their own. */
export async function atEachStep<Step extends { name: string }>(
  steps: readonly Step[],
  kills: (stage: Stage, step: Step) => Promise<Recovery[]>,
): Promise<{ faults: string[]; figure: string }> {
  const found: { name: string; recoveries: Recovery[] }[] = [];
  const waiting = steps.toReversed();
  const lane = async () => {
    for (let step = waiting.pop(); step; step = waiting.pop()) {
      const stage = await openStage();
      try {
        found.push({ name: step.name, recoveries: await kills(stage, step) });
      } finally {
        await stage.test.close();
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const faults = found.flatMap(({ recoveries }) => recoveries.flatMap((recovery) => recovery.faults));
  const count = found.reduce((sum, { recoveries }) => sum + recoveries.length, 0);
  const longest = found.map(
    ({ name, recoveries }) => `${Math.max(...recoveries.map(({ seconds }) => seconds)).toFixed(0)} s ${name}`,
  );
  const named = faults.length > 0 ? `: ${faults.slice(0, 4).join(" | ")}` : "";
  return {
    faults,
    figure: `${count} kills, ${faults.length} faults${named}; at its end after at most ${longest.join(", ")}`,
  };
}

/** A worker is killed at each step that money takes; the next one ends it, once. */
export async function proveKills(rounds: number): Promise<Finding> {
  const { faults, figure } = await atEachStep(steps, async (stage, step) => {
    const recoveries: Recovery[] = [];
    for (let round = 0; round < rounds; round++)
      recoveries.push(await killAndFinish(stage, step, round % 2 === 0));
    return recoveries;
  });
  return {
    promise:
      "a worker that is killed at any step leaves no payment halfway, and nothing is refunded or charged twice",
    figure,
    holds: faults.length === 0,
  };
}
