import type { ProviderOrder } from "../../server/payments/provider.ts";
import type { HeldBasket, MoneyWorld } from "../../server/testing/moneyWorld.ts";
import { attempt, pick } from "./chance.ts";

type Action = (world: MoneyWorld, basket: HeldBasket, seen: ProviderOrder[]) => Promise<unknown> | unknown;

const anySession = ({ sessions }: HeldBasket) => pick(sessions);

const actions: Record<string, Action> = {
  pay: ({ provider }, { orderId }) => provider.pay(orderId),
  payWithFee: ({ provider }, { orderId, key }) =>
    provider.pay(orderId, { fee: { ...provider.orderOf(key.paymentId).amount, minor: 2_000 as never } }),
  payWrong: ({ provider }, { orderId, key }) =>
    provider.pay(orderId, {
      amount: { ...provider.orderOf(key.paymentId).amount, minor: pick([1, 100]) as never },
    }),
  fail: ({ provider }, { orderId }) => provider.fail(orderId),
  sync: (world, basket) => attempt(world.sync(basket)),
  syncAgain: (world, basket) => Promise.allSettled([world.sync(basket), world.sync(basket)]),
  look: async ({ provider }, { orderId }, seen) => {
    const answer = await provider.fetchOrder(orderId);
    if (answer.kind === "done") seen.push(answer.value);
  },
  /** An answer from before arrives now. */
  syncLate: (world, basket, seen) =>
    seen.length > 0 ? attempt(world.syncWith(basket, pick(seen))) : undefined,
  /** Of one session only: the others go with it. */
  lapse: (world, basket) => world.lapse(anySession(basket)),
  /** Another student has one of the times, if it is free. */
  takeTime: (world, basket) => world.takeTime(anySession(basket)),
  studentCancels: (world, basket) => attempt(world.step(anySession(basket), "student", "cancelled")),
  mentorCancels: (world, basket) => attempt(world.step(anySession(basket), "mentor", "cancelled")),
  mentorConfirms: (world, basket) => attempt(world.step(anySession(basket), "mentor", "confirmed")),
  bothCancel: (world, basket) => {
    const session = anySession(basket);
    return Promise.all([
      attempt(world.step(session, "mentor", "cancelled")),
      attempt(world.step(session, "student", "cancelled")),
    ]);
  },
  jobs: (world) => world.runJobs(),
  noAnswer: ({ provider }) => {
    provider.faults.set(pick(["refund", "fetchOrder", "closeOrder"] as const), [
      pick(["unknown_after", "unknown_before"] as const),
    ]);
  },
  slowRefunds: ({ provider }) => {
    provider.refundsAtOnce = !provider.refundsAtOnce;
  },
  settleRefunds: ({ provider }) => provider.settleRefunds("done"),
  /** What a bank takes back is what no refund has; one on its way would go back twice. */
  dispute: async (world, basket) => {
    const paid = await atRest(world, basket);
    if (paid) paid.dispute = pick(["open", "won", "lost"] as const);
  },
  loseDispute: async (world, basket) => {
    const paid = await atRest(world, basket);
    if (paid) paid.dispute = "lost";
  },
  /** A part is sent back at the provider, by hand. */
  refundByHand: async (world, basket) => {
    const paid = await atRest(world, basket);
    if (!paid || paid.dispute !== null) return;
    const left =
      paid.amount.minor -
      paid.refunds
        .filter(({ state }) => state !== "failed")
        .map(({ amount }) => amount.minor)
        .reduce((one, other) => one + other, 0);
    if (left === 0) return;
    const minor = Math.max(1, Math.floor(left * pick([0.1, 0.5, 1])));
    paid.refunds.push({
      id: `by_hand_${paid.refunds.length}_${paid.id}`,
      reference: null,
      amount: { ...paid.amount, minor: minor as never },
      state: "done",
    });
    await attempt(world.sync(basket));
  },
  nearer: ({ rows }, basket) =>
    rows(
      `update bookings set refund_full_cutoff = 1000000, refund_partial_cutoff = $2 where id = $1 and status <> 'cancelled'`,
      anySession(basket).id,
      pick([0, 1_000_000]),
    ),
  earn: async (world, basket) => {
    const { id } = anySession(basket);
    await world.rows("set session_replication_role = replica");
    await world.rows("update bookings set status = 'completed' where id = $1 and status = 'confirmed'", id);
    await world.rows("update payments set due_at = now() where booking_id = $1", id);
    await world.rows("reset session_replication_role");
    await world.rows("select private.earn_payments($1, 100)", basket.key.mentorId);
  },
};
const names = Object.keys(actions);

/** The accepted attempt, once the app knows all that the provider does and nothing is on its way back. */
async function atRest(world: MoneyWorld, basket: HeldBasket) {
  const faults = new Map(world.provider.faults);
  world.provider.faults.clear();
  await world.runJobs();
  world.provider.settleRefunds("done");
  await attempt(world.sync(basket));
  for (const [name, fault] of faults) world.provider.faults.set(name, fault);
  const [accepted] = await world.rows<{ attempt_id: string; is_pending: boolean }>(
    `select a.attempt_id, exists (
         select from refunds r join payments q on q.id = r.payment_id
         where q.basket_id = p.basket_id and r.state in ('requested', 'sent')) as is_pending
     from payments p join payment_attempts a on a.id = p.accepted_attempt_id where p.id = $1`,
    basket.key.paymentId,
  );
  if (!accepted || accepted.is_pending) return undefined;
  return world.provider.orderOf(basket.key.paymentId).attempts.find(({ id }) => id === accepted.attempt_id);
}

async function comeToRest(world: MoneyWorld, basket: HeldBasket): Promise<void> {
  world.provider.faults.clear();
  world.provider.refundsAtOnce = true;
  for (let round = 0; round < 4; round++) {
    world.provider.settleRefunds("done");
    await world.sync(basket);
    if ((await world.runJobs()) === 0 && round > 0) return;
  }
}

interface PartRow {
  status: string;
  is_unpaid: boolean;
  total: number;
  escrow: number;
  credited: number;
  payable: number;
  accepted: number;
  back: number;
  earned: boolean;
  is_off_by_mentor: boolean;
  receipts: number;
  book_faults: string[];
}

/** The second model: what the provider has, and what became of each session. Returns what does not agree. */
async function faultsOf(world: MoneyWorld, { id, key }: HeldBasket): Promise<string[]> {
  const order = world.provider.orderOf(key.paymentId);
  const sum = (amounts: number[]) => amounts.reduce((all, amount) => all + amount, 0);
  const captured = order.attempts.filter(({ state }) => state === "captured");
  const inAll = sum(captured.map(({ amount }) => amount.minor));
  const back = sum(
    captured.flatMap(({ refunds }) =>
      refunds.filter(({ state }) => state === "done").map(({ amount }) => amount.minor),
    ),
  );
  const parts = await world.rows<PartRow>(
    `select b.status, b.status_when_paid is not null as is_unpaid, b.total_minor as total, p.earned_at is not null as earned,
       private.balance_of(p.expert_id, 'escrow', b.id, p.currency) as escrow,
       private.balance_of(p.expert_id, 'refunds_payable', p.id, p.currency) as payable,
       coalesce((select sum(t.amount_minor) from private.ledger_transfers t
         where t.from_kind = 'escrow' and t.from_owner = b.id and t.to_kind in ('mentor', 'fees')), 0)::bigint as credited,
       coalesce(a.captured_minor, 0) as accepted, coalesce(a.refunded_minor, 0) as back,
       exists (select from booking_events e where e.booking_id = b.id and e.to_status = 'cancelled' and e.actor = 'mentor')
         as is_off_by_mentor,
       (select count(*)::int from documents d where d.reference_id = p.id and d.kind = 'receipt') as receipts,
       private.book_faults(p.expert_id, p.id) as book_faults
     from bookings b join payments p on p.booking_id = b.id left join payment_attempts a on a.id = p.accepted_attempt_id
     where b.basket_id = $1`,
    id,
  );
  const [whole] = await world.rows<{
    payable: number;
    undivided: number;
    lost: number;
    book_faults: string[];
  }>(
    `select private.balance_of(p.expert_id, 'refunds_payable', p.id, p.currency) as payable,
       private.balance_of(p.expert_id, 'basket_money', p.basket_id, p.currency) as undivided,
       coalesce((select sum(r.amount_minor) from refunds r join payments q on q.id = r.payment_id
         where q.basket_id = p.basket_id and r.why = 'dispute'), 0)::bigint as lost,
       private.book_faults(p.expert_id, p.id) as book_faults
     from payments p where p.id = $1`,
    key.paymentId,
  );
  const faults: string[] = [];
  const check = (what: string, holds: boolean) => {
    if (!holds) faults.push(`${what}: ${JSON.stringify({ parts, whole })}, provider ${inAll} - ${back}`);
  };
  const isPaid = parts.some(({ is_unpaid }) => !is_unpaid);
  check(
    "all sessions are booked, or none",
    parts.every(({ is_unpaid }) => is_unpaid !== isPaid),
  );
  check(
    "an unpaid session is held or off with all others",
    isPaid || new Set(parts.map(({ status }) => status)).size === 1,
  );
  check("the parts add up to the whole", sum(parts.map(({ total }) => total)) === order.amount.minor);
  check("nothing is left undivided", whole?.undivided === 0);
  check("money that is owed is sent", whole?.payable === 0 && parts.every(({ payable }) => payable === 0));
  check(
    "everything that came in is in a session or went back",
    inAll - back - (whole?.lost ?? 0) ===
      sum(parts.map(({ accepted, back: returned }) => accepted - returned)),
  );
  for (const part of parts) {
    check("a paid session has exactly its price", part.accepted === (part.is_unpaid ? 0 : part.total));
    check("a paid session has one receipt", part.receipts === (part.is_unpaid ? 0 : 1));
    check(
      "the escrow has what was paid, less what went back",
      part.earned || part.escrow === part.accepted - part.back,
    );
    check("credited money was in the escrow", !part.earned || part.escrow === 0);
    check(
      "a session that its mentor cancelled costs nothing",
      part.is_unpaid ||
        part.earned ||
        !(part.status === "cancelled" && part.is_off_by_mentor) ||
        part.back === part.accepted,
    );
  }
  check(
    "the books agree with attempts and refunds",
    [...parts, ...(whole ? [whole] : [])].every(({ book_faults }) => book_faults.length === 0),
  );
  return faults;
}

/** A basket of two to four sessions, some of which their mentor may have to approve. */
export async function liveBasket(
  world: MoneyWorld,
  story?: string[],
): Promise<{ faults: string[]; actions: number }> {
  const basket = await world.bookTogether({
    sessions: pick([2, 3, 4]),
    approves: story === undefined && Math.random() < 0.3,
  });
  const seen: ProviderOrder[] = [];
  const taken = story ?? Array.from({ length: 2 + Math.floor(Math.random() * 14) }, () => pick(names));
  const faults: string[] = [];
  const live = async () => {
    for (const name of taken) await actions[name]?.(world, basket, seen);
    await comeToRest(world, basket);
    faults.push(...(await faultsOf(world, basket)));
  };
  await live().catch((error: Error) => faults.push(`${error.message}: ${error.cause}`));
  return {
    faults: faults.map((fault) => `basket: ${fault} after ${taken.join(", ")}`),
    actions: taken.length,
  };
}
