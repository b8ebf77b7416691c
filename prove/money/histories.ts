import type { ProviderOrder } from "../../server/payments/provider.ts";
import { moneyFaults } from "../../server/testing/moneyFaults.ts";
import type { MoneyWorld, PaidBooking } from "../../server/testing/moneyWorld.ts";
import { whileRewritten } from "../../server/testing/rewriteFunction.ts";
import type { Finding } from "../proof.ts";
import { liveBasket } from "./basketStories.ts";
import { attempt, pick, unlessRefused } from "./chance.ts";
import { livePackage } from "./packageStories.ts";

type Action = (world: MoneyWorld, booking: PaidBooking, seen: ProviderOrder[]) => Promise<unknown> | unknown;

/** An amount that is not the price: a paisa, a rupee, a paisa too much. */
function wrongAmount({ provider }: MoneyWorld, { key }: PaidBooking) {
  const { amount } = provider.orderOf(key.paymentId);
  return { ...amount, minor: pick([1, 100, amount.minor + 1]) } as typeof amount;
}

const actions: Record<string, Action> = {
  pay: ({ provider }, { orderId }) => provider.pay(orderId),
  payWithFee: ({ provider }, { orderId, key }) =>
    provider.pay(orderId, { fee: { ...provider.orderOf(key.paymentId).amount, minor: 2_000 as never } }),
  payWrong: (world, booking) => world.provider.pay(booking.orderId, { amount: wrongAmount(world, booking) }),
  fail: ({ provider }, { orderId }) => provider.fail(orderId),
  sync: (world, booking) => attempt(world.sync(booking)),
  // Both of them end before the next action begins, also if the first one fails.
  syncAgain: (world, booking) => Promise.allSettled([world.sync(booking), world.sync(booking)]),
  look: async ({ provider }, { orderId }, seen) => {
    const answer = await provider.fetchOrder(orderId);
    if (answer.kind === "done") seen.push(answer.value);
  },
  /** An answer from before arrives now. */
  syncLate: (world, booking, seen) =>
    seen.length > 0 ? attempt(world.syncWith(booking, pick(seen))) : undefined,
  lapse: (world, booking) => world.lapse(booking),
  studentCancels: (world, booking) => attempt(world.step(booking, "student", "cancelled")),
  mentorCancels: (world, booking) => attempt(world.step(booking, "mentor", "cancelled")),
  mentorConfirms: (world, booking) => attempt(world.step(booking, "mentor", "confirmed")),
  bothCancel: (world, booking) =>
    Promise.all([
      attempt(world.step(booking, "mentor", "cancelled")),
      attempt(world.step(booking, "student", "cancelled")),
    ]),
  jobs: (world) => world.runJobs(),
  noAnswer: ({ provider }) => {
    const name = pick(["refund", "capture", "release", "fetchOrder", "closeOrder"] as const);
    provider.faults.set(name, [pick(["unknown_after", "unknown_before"] as const)]);
  },
  slowRefunds: ({ provider }) => {
    provider.refundsAtOnce = !provider.refundsAtOnce;
  },
  settleRefunds: ({ provider }) => provider.settleRefunds("done"),
  dispute: ({ provider }, { key }) => {
    const paid = provider.orderOf(key.paymentId).attempts.find(({ state }) => state === "captured");
    if (paid && paid.refunds.length === 0) paid.dispute = pick(["open", "won", "lost"] as const);
  },
  nearer: ({ rows }, { id }) =>
    rows(
      `update bookings set refund_full_cutoff = 1000000, refund_partial_cutoff = $2 where id = $1 and status <> 'cancelled'`,
      id,
      pick([0, 1_000_000]),
    ),
  earn: async (world, { id, key }) => {
    await world.rows("set session_replication_role = replica");
    await world.rows("update bookings set status = 'completed' where id = $1 and status = 'confirmed'", id);
    await world.rows("update payments set due_at = now() where id = $1", key.paymentId);
    await world.rows("reset session_replication_role");
    await world.rows("select private.earn_payments($1, 100)", key.mentorId);
  },
};
const names = Object.keys(actions);

/** Lets everything that is under way come to its end. */
async function comeToRest(world: MoneyWorld, bookings: readonly PaidBooking[]): Promise<void> {
  world.provider.faults.clear();
  world.provider.refundsAtOnce = true;
  for (let round = 0; round < 4; round++) {
    world.provider.settleRefunds("done");
    for (const booking of bookings) await world.sync(booking);
    // The last one has had nothing to do but to hear the same again.
    if ((await world.runJobs()) === 0 && round > 0) return;
  }
}

/** The second model: what the provider has of a booking, and what has become of the booking. Returns what does not agree. */
async function faultsOf(world: MoneyWorld, { id, key }: PaidBooking): Promise<string[]> {
  const order = world.provider.orderOf(key.paymentId);
  const paid = order.attempts.filter(({ state }) => state === "captured");
  const sum = (amounts: number[]) => amounts.reduce((all, amount) => all + amount, 0);
  const inAll = sum(paid.map(({ amount }) => amount.minor));
  const back = sum(
    paid.flatMap(({ refunds }) =>
      refunds.filter(({ state }) => state === "done").map(({ amount }) => amount.minor),
    ),
  );
  const [row] = await world.rows<{
    status: string;
    is_unpaid: boolean;
    payment_status: string;
    escrow: number;
    payable: number;
    credited: number;
    lost: number;
    accepted: number;
    accepted_back: number;
    earned: boolean;
  }>(
    `select b.status, b.status_when_paid is not null as is_unpaid, b.payment_status, p.earned_at is not null as earned,
       private.balance_of(p.expert_id, 'escrow', b.id, p.currency) as escrow,
       private.balance_of(p.expert_id, 'refunds_payable', p.id, p.currency) as payable,
       coalesce((select sum(t.amount_minor) from private.ledger_transfers t
         where t.from_kind = 'escrow' and t.from_owner = b.id and t.to_kind in ('mentor', 'fees')), 0)::bigint as credited,
       coalesce((select sum(r.amount_minor) from refunds r where r.payment_id = p.id and r.why = 'dispute'), 0)::bigint as lost,
       coalesce((select sum(a.captured_minor) from payment_attempts a where a.payment_id = p.id and a.verdict = 'accepted'), 0)::bigint as accepted,
       coalesce((select sum(a.refunded_minor) from payment_attempts a where a.payment_id = p.id and a.verdict = 'accepted'), 0)::bigint as accepted_back
     from bookings b join payments p on p.booking_id = b.id where b.id = $1`,
    id,
  );
  if (!row) return ["the booking is gone"];
  const faults: string[] = [];
  const check = (what: string, holds: boolean) => {
    if (!holds) faults.push(`${what}: ${JSON.stringify(row)}, provider ${inAll} - ${back}`);
  };
  const isBooked = !row.is_unpaid && row.status !== "cancelled" && paid.length > 0;
  check("money that is owed is sent", row.payable === 0);
  check(
    "everything that came in is accepted or went back",
    inAll - back - row.lost === row.accepted - row.accepted_back,
  );
  check(
    "the escrow has what was accepted, less what went back",
    row.earned || row.escrow === row.accepted - row.accepted_back,
  );
  check("a booked session is paid for, in full", !isBooked || row.accepted === order.amount.minor);
  check("an unpaid booking keeps nothing", !row.is_unpaid || row.accepted === row.accepted_back);
  check(
    "nothing is reserved for a session that is off",
    row.status !== "cancelled" || !order.attempts.some(({ state }) => state === "authorized"),
  );
  check("credited money was in the escrow", !row.earned || row.escrow === 0);
  return faults;
}

const randomStory = (): string[] =>
  Array.from({ length: 2 + Math.floor(Math.random() * 12) }, () => pick(names));

interface Life {
  faults: string[];
  actions: number;
}

async function liveBooking(world: MoneyWorld, story?: string[]): Promise<Life> {
  const booking = await world.book({ approves: story === undefined && Math.random() < 0.4 });
  const seen: ProviderOrder[] = [];
  const taken = story ?? randomStory();
  for (const name of taken) await actions[name]?.(world, booking, seen);
  const faults = await comeToRest(world, [booking]).then(
    () => faultsOf(world, booking),
    (error: Error) => [`${error.message}: ${error.cause}`],
  );
  return { faults: faults.map((fault) => `${fault} after ${taken.join(", ")}`), actions: taken.length };
}

/** Several bookings with one coupon, which fewer of them may use at a time. */
async function liveCoupon(world: MoneyWorld, story?: string[]): Promise<Life> {
  const mostUses = pick([1, 2]);
  const coupon = await world.offerCoupon(mostUses);
  const bookings: PaidBooking[] = [];
  const seen: ProviderOrder[] = [];
  const taken = story ?? ["book", ...randomStory(), "book", ...randomStory(), "book", ...randomStory()];
  const faults: string[] = [];
  const live = async () => {
    for (const name of taken) {
      if (name !== "book") {
        const booking = bookings.at(-1 - Math.floor(Math.random() ** 2 * bookings.length));
        if (booking)
          await actions[name]?.(world, booking, name === "syncLate" || name === "look" ? seen : []);
      } else {
        const before = await usesOf(world, bookings);
        const booking = await unlessRefused(world.book({ coupon }), "coupons_usable");
        if ((booking !== undefined) !== before < mostUses)
          faults.push(`${before} uses, then ${booking ? "one more" : "no other"}`);
        if (booking) bookings.push(booking);
        seen.length = 0;
      }
      const [counted] = await world.rows<{ uses: number }>(
        "select count(*)::int as uses from coupon_uses where coupon_id = $1 and given_back_at is null",
        coupon.id,
      );
      const expected = await usesOf(world, bookings);
      if (counted?.uses !== expected || expected > mostUses)
        faults.push(`${counted?.uses} uses of ${mostUses}, and ${expected} by the bookings, at ${name}`);
    }
    await comeToRest(world, bookings);
    for (const booking of bookings) faults.push(...(await faultsOf(world, booking)));
  };
  await live().catch((error: Error) => faults.push(`${error.message}: ${error.cause}`));
  return {
    faults: faults.map((fault) => `coupon: ${fault} after ${taken.join(", ")}`),
    actions: taken.length,
  };
}

/** The second model of a coupon: how many of its bookings use it, by what became of each. */
async function usesOf(world: MoneyWorld, bookings: readonly PaidBooking[]): Promise<number> {
  const outcomes = await world.rows<{
    status: string;
    is_unpaid: boolean;
    is_late: boolean;
    by_mentor: boolean;
  }>(
    `select b.status, b.status_when_paid is not null as is_unpaid, b.refund_full_cutoff = 1000000 as is_late,
       exists (select from booking_events e where e.booking_id = b.id and e.to_status = 'cancelled' and e.actor = 'mentor') as by_mentor
     from bookings b where b.id = any($1)`,
    bookings.map(({ id }) => id),
  );
  return outcomes.filter(
    // A student who cancels too late for a full refund has used it up.
    ({ status, is_unpaid, is_late, by_mentor }) =>
      status !== "cancelled" || (!is_unpaid && is_late && !by_mentor),
  ).length;
}

const lives = { booking: liveBooking, package: livePackage, coupon: liveCoupon, basket: liveBasket };
type Kind = keyof typeof lives;

async function liveThrough(
  world: MoneyWorld,
  count: number,
  told?: { kind: Kind; story: string[] },
): Promise<Life & Record<Kind, number>> {
  const life = { faults: [] as string[], actions: 0, booking: 0, package: 0, coupon: 0, basket: 0 };
  // What a twin has left behind.
  const before = new Set(await moneyFaults(world.test.db.owner));
  for (let number = 0; number < count; number++) {
    const kind = told?.kind ?? pick(["booking", "booking", "package", "coupon", "basket"] as const);
    const lived = await lives[kind](world, told?.story);
    life[kind] += 1;
    life.faults.push(...lived.faults);
    life.actions += lived.actions;
    // The time is for the next one, and the mentor's queue of jobs short.
    await world.rows("delete from graphile_worker._private_jobs");
  }
  const after = await moneyFaults(world.test.db.owner);
  life.faults.push(...after.filter((fault) => !before.has(fault)));
  return life;
}

/** Stories that show what a line is for. */
const guards: readonly {
  promise: string;
  functionName: string;
  line: string;
  replacement: string;
  kind: Kind;
  story: string[];
}[] = [
  {
    promise: "without the merging of states, an old answer books money again",
    functionName: "private.settle_payment",
    line: "is_new_state := known.id is null or array_position(ranks, given.state) > array_position(ranks, known.state);",
    replacement: "is_new_state := true;",
    kind: "booking",
    story: ["pay", "look", "sync", "syncLate"],
  },
  {
    promise: "without the transfer of a requested refund, the escrow keeps it",
    functionName: "private.request_refund",
    line: "if paid.earned_at is null then",
    replacement: "if false then",
    kind: "booking",
    story: ["pay", "sync", "studentCancels", "jobs"],
  },
  {
    promise: "without the verdict on an amount, a rupee pays for a session",
    functionName: "private.settle_payment",
    line: "is_right_amount := given.amount_minor = paid.amount_minor and given.currency = paid.currency;",
    replacement: "is_right_amount := true;",
    kind: "booking",
    story: ["payWrong", "sync"],
  },
  {
    promise: "without the withdrawal of sessions, those whose money went back can still be booked",
    functionName: "private.withdraw_credits",
    line: "if credits > greatest(kept, 1) then",
    replacement: "if false then",
    kind: "package",
    story: ["pay", "hear", "refundPart", "refundPart", "refundPart", "refundPart"],
  },
  {
    promise: "without the part of what is left, the last session of a package has no money",
    functionName: "private.reserve_credit",
    line: "share := money / credits;",
    replacement: "share := (money + credits - 1) / credits;",
    kind: "package",
    story: ["pay", "hear", "book"],
  },
  {
    promise: "without the look at disputes, a mentor earns what a bank may take back",
    functionName: "private.settle_offers",
    line: "and not private.is_purchase_disputed(mentor, p.id)\n    order by u.created_at",
    replacement: "order by u.created_at",
    kind: "package",
    story: ["pay", "hear", "book", "timePasses", "disputeOpens", "settle"],
  },
  {
    promise: "without the limit of its uses, a coupon is used once too often",
    functionName: "private.coupon_refusal",
    line: "private.count_of_uses(mentor, c.id, null, together)) then 'used_up'",
    replacement: "null::bigint) then 'used_up'",
    kind: "coupon",
    story: ["book", "book", "book"],
  },
  {
    promise: "without its return, a coupon stays used by a session that is off",
    functionName: "private.settle_offers_of_booking",
    line: "update public.coupon_uses u set given_back_at = now()",
    replacement: "update public.coupon_uses u set given_back_at = null",
    kind: "coupon",
    story: ["book", "pay", "sync", "mentorCancels"],
  },
  {
    promise: "without the common end of what is held, a part of a basket is given up and the rest stays held",
    functionName: "private.end_holds_together",
    line: "where b.expert_id = new.expert_id and b.id in (select private.held_together(new.expert_id, new.id));",
    replacement: "where false;",
    kind: "basket",
    story: ["studentCancels"],
  },
  {
    promise: "without the parts, the money of a basket that a bank takes back goes back twice",
    functionName: "private.lose_dispute",
    line: "and not private.is_shared(mentor, a.payment_id, a.id)",
    replacement: "",
    kind: "basket",
    story: ["pay", "sync", "loseDispute", "sync"],
  },
];

/** Random histories, in several worlds at once. */
export async function proveHistories(worlds: readonly MoneyWorld[], count: number): Promise<Finding[]> {
  const [world] = worlds;
  if (!world) throw new Error("There is no world.");
  const lived = await Promise.all(worlds.map((each) => liveThrough(each, Math.ceil(count / worlds.length))));
  const faults = lived.flatMap((life) => life.faults);
  const sum = (what: Kind | "actions") => lived.reduce((all, life) => all + life[what], 0);
  const findings: Finding[] = [
    {
      promise:
        "whatever happens, the ledger adds up, and agrees with the provider's records and a second model of bookings, packages, coupons and baskets",
      figure: `${sum("booking") + sum("package") + sum("coupon") + sum("basket")} histories (${sum("booking")} of a booking, ${sum("package")} of a package, ${sum("coupon")} of a coupon, ${sum("basket")} of a basket), ${sum("actions")} actions, ${faults.length} faults${faults.length > 0 ? `, such as: ${faults.slice(0, 3).join(" | ")}` : ""}`,
      holds: faults.length === 0,
    },
  ];
  for (const { promise, functionName, line, replacement, kind, story } of guards) {
    const unguarded = await whileRewritten(world.test.db, [functionName, line], replacement, () =>
      liveThrough(world, 1, { kind, story }).catch((error: Error) => ({
        faults: [error.message],
        actions: 0,
      })),
    );
    findings.push({
      promise,
      figure: `${unguarded.faults.length} faults, such as: ${unguarded.faults[0]?.slice(0, 90) ?? "none"}`,
      holds: unguarded.faults.length > 0,
      twin: true,
    });
  }
  return findings;
}
