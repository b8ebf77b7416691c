import type { ProviderOrder } from "../../server/payments/provider.ts";
import type { MoneyWorld, PaidBooking } from "../../server/testing/moneyWorld.ts";
import { whileRewritten } from "../../server/testing/rewriteFunction.ts";
import type { Finding } from "../proof.ts";

/** What can happen to one attempt to pay, in the order in which it does. */
const happenings = ["failed", "authorized", "captured", "refunded"] as const;
type Happening = (typeof happenings)[number];

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]),
  );
}

/** What the provider would say after each of them. An answer may arrive after a newer one: it was on its way for longer. */
function answersAbout(
  { provider }: MoneyWorld,
  { orderId, key }: PaidBooking,
): Record<Happening, ProviderOrder> {
  const { amount } = provider.orderOf(key.paymentId);
  const order = (attempt: object): ProviderOrder => ({
    id: orderId,
    reference: key.paymentId,
    amount,
    state: "open",
    attempts: [
      {
        id: `pay_of_${orderId}`,
        state: "captured",
        amount,
        method: "upi",
        fee: null,
        failure: null,
        dispute: null,
        createdAt: Date.now(),
        refunds: [],
        ...attempt,
      } as never,
    ],
  });
  return {
    failed: order({ state: "failed", failure: { code: "timeout", message: "The bank did not answer." } }),
    authorized: order({ state: "authorized" }),
    captured: order({}),
    refunded: order({ refunds: [{ id: `rfnd_${orderId}`, reference: null, amount, state: "done" }] }),
  };
}

async function finalState(world: MoneyWorld, order: readonly Happening[]): Promise<string> {
  const booking = await world.book();
  const answers = answersAbout(world, booking);
  for (const happening of order) await world.syncWith(booking, answers[happening]);
  const [state] = await world.rows<{ state: object }>(
    `select json_build_object('booking', b.payment_status, 'payment', p.state, 'captured', p.captured_minor,
       'refunded', p.refunded_minor, 'attempts', (
         select json_agg(json_build_array(a.state, a.verdict, a.captured_minor) order by a.id) from payment_attempts a
         where a.payment_id = p.id),
       'refunds', (select json_agg(json_build_array(r.state, r.amount_minor) order by r.id) from refunds r where r.payment_id = p.id),
       'ledger', (select json_agg(json_build_array(a.kind, a.balance_minor) order by a.kind) from private.ledger_accounts a
         where a.owner_id in (b.id, p.id))) as state
     from bookings b join payments p on p.booking_id = b.id where b.id = $1`,
    booking.id,
  );
  return JSON.stringify(state?.state);
}

/** All 24 orders in which answers about one attempt can arrive. */
export async function proveOrders(world: MoneyWorld): Promise<Finding[]> {
  const promise =
    "in whatever order answers about a failed, authorized, captured and refunded attempt arrive, the end is the same";
  const find = async (): Promise<Finding> => {
    const ends = new Set<string>();
    for (const order of permutations(happenings)) ends.add(await finalState(world, order));
    return { promise, figure: `24 orders, ${ends.size} final states`, holds: ends.size === 1 };
  };
  const guarded = await find();
  const unguarded = await whileRewritten(
    world.test.db,
    [
      "private.settle_payment",
      "is_new_state := known.id is null or array_position(ranks, given.state) > array_position(ranks, known.state);",
    ],
    "is_new_state := known.id is null or given.state <> known.state;",
    async () => {
      try {
        return await find();
      } catch (error) {
        return { promise, figure: `rejected: ${(error as Error).message}`, holds: false };
      }
    },
  );
  return [
    guarded,
    { promise: "without the order of states", figure: unguarded.figure, holds: !unguarded.holds, twin: true },
  ];
}
