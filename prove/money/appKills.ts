import type { Booking } from "#contract/bookings.ts";
import { bookAny } from "../../server/testing/booking.ts";
import type { Person } from "../../server/testing/testApp.ts";
import { killAt, points } from "../crashes/points.ts";
import { startVictim, type Victim } from "../crashes/victim.ts";
import { callOver } from "../overHttp.ts";
import type { Finding } from "../proof.ts";
import {
  atEachStep,
  comeToTheEnd,
  type End,
  orderOf,
  pay,
  type Recovery,
  type Stage,
  sandbox,
  settle,
  webhooks,
} from "./kills.ts";

/** A request that moves money, repeated by the browser or the provider after the app was killed, or forgotten. */
interface AppStep {
  name: string;
  arrange: (stage: Stage) => Promise<Booking>;
  by: (stage: Stage) => Person;
  ask: (booking: Booking, stage: Stage) => Promise<Asked>;
  table: string;
  /** What else follows before the end. */
  after?: (booking: Booking, stage: Stage) => Promise<unknown>;
  end: End;
  /** The tab was closed too: no one asks again. */
  isForgotten?: boolean;
}

interface Asked {
  path: string;
  body?: string;
  headers?: Record<string, string>;
}

const student = (stage: Stage) => stage.student;
const paid = { state: "captured", payment_status: "completed" };

async function payAndReturn(booking: Booking, stage: Stage): Promise<void> {
  const outcome = await stage.test.sandbox?.payer.pay(await orderOf(stage, booking), { manner: "none" });
  if (outcome?.kind !== "done") throw new Error("The sandbox was not paid.");
  (await stage.student.call("POST", `/bookings/${booking.id}/payment/refresh`)).expect(200);
}

const steps: readonly AppStep[] = [
  {
    name: "while it stores the order",
    arrange: ({ student: who, instant }) => bookAny(who, instant),
    by: student,
    ask: async ({ id }) => ({ path: `/bookings/${id}/payment/checkout` }),
    table: "private.payment_orders",
    after: payAndReturn,
    end: paid,
  },
  {
    name: "while it books what the returning browser asks about",
    arrange: (stage) => pay(stage, stage.instant),
    by: student,
    ask: async ({ id }) => ({ path: `/bookings/${id}/payment/refresh` }),
    table: "private.ledger_transfers",
    end: paid,
  },
  {
    name: "while it books what a browser asks about that never returns",
    arrange: (stage) => pay(stage, stage.instant),
    by: student,
    ask: async ({ id }) => ({ path: `/bookings/${id}/payment/refresh` }),
    table: "private.ledger_transfers",
    end: paid,
    isForgotten: true,
  },
  {
    name: "while it issues the receipt",
    arrange: (stage) => pay(stage, stage.instant),
    by: student,
    ask: async ({ id }) => ({ path: `/bookings/${id}/payment/refresh` }),
    table: "public.documents",
    end: paid,
  },
  {
    name: "while it stores a webhook",
    arrange: (stage) => pay(stage, stage.instant),
    by: student,
    ask: async (booking, stage) => ({
      path: "/webhooks/sandbox",
      ...webhooks.write(
        { id: `event-${booking.id}`, type: "order.paid", order_id: await orderOf(stage, booking) },
        Math.floor(Date.now() / 1000),
      ),
    }),
    table: "private.payment_events",
    end: paid,
  },
  {
    name: "while it requests the refund of a cancellation",
    arrange: (stage) => settle(stage, stage.instant),
    by: student,
    ask: async ({ id }) => ({ path: `/bookings/${id}/cancel` }),
    table: "public.refunds",
    end: { state: "captured", payment_status: "refunded" },
  },
  {
    name: "while its mentor confirms a reserved request",
    arrange: (stage) => settle(stage, stage.careful),
    by: ({ careful }) => careful,
    ask: async ({ id }) => ({ path: `/bookings/${id}/confirm` }),
    table: "public.booking_events",
    end: paid,
  },
];

async function killAndRepeat(
  stage: Stage,
  point: keyof typeof points,
  { name, arrange, by, ask, table, after, end, isForgotten = false }: AppStep,
  isLost: boolean,
): Promise<Recovery> {
  const booking = await arrange(stage);
  const { path, body, headers } = await ask(booking, stage);
  const victim: Victim = await startVictim("main", stage.test.db.ownerUrl, sandbox);
  const faults: string[] = [];
  await killAt(stage.test.db.owner, points[point], table, {
    run: async () => {
      const answer = await callOver(victim.address, by(stage).token)("POST", path, body, headers).catch(
        () => undefined,
      );
      if (answer) faults.push(`${name}: was answered with ${answer.status}`);
    },
    kill: () => victim.kill(),
    isLost,
  });
  const what = `${name}, ${points[point].name}`;
  if (!isForgotten) {
    const again = await by(stage).call("POST", path, body, headers);
    // What is committed already is refused as a second step, or answered again.
    if (again.status !== 200 && again.status !== 409 && again.status !== 422)
      faults.push(`${what}: ${again.status} when repeated`);
  }
  await after?.(booking, stage);
  const recovery = await comeToTheEnd(stage, what, booking, end);
  faults.push(...recovery.faults);
  const { rows } = await stage.test.db.owner.query<{ orders: number; captures: number; receipts: number }>(
    `select (select count(*)::int from private.sandbox_orders o where o.reference = p.id::text) as orders,
       (select count(*)::int from private.ledger_transfers t join payment_attempts a on a.id = t.reference
          where a.payment_id = p.id and t.kind = 'captured') as captures,
       (select count(*)::int from documents d where d.payment_id = p.id and d.kind = 'receipt') as receipts
     from payments p where p.booking_id = $1`,
    [booking.id],
  );
  const [found] = rows;
  if (found?.orders !== 1 || found.captures !== 1 || found.receipts !== 1)
    faults.push(`${what}: ${JSON.stringify(found)}`);
  return { faults, seconds: recovery.seconds };
}

/** The app is killed at each step that a request takes with money; the request is repeated, and has one effect. */
export async function proveAppKills(rounds: number): Promise<Finding> {
  const { faults, figure } = await atEachStep(steps, async (stage, step) => {
    const recoveries: Recovery[] = [];
    for (let round = 0; round < rounds; round++)
      for (const point of ["inserted", "committing"] as const)
        recoveries.push(await killAndRepeat(stage, point, step, round % 2 === 0));
    return recoveries;
  });
  return {
    promise:
      "an app that is killed at any step of paying, cancelling or confirming, before and while it commits, leaves one order, one capture and one receipt, whether it is asked again or not",
    figure,
    holds: faults.length === 0,
  };
}
