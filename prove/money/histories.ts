import type { ProviderOrder } from "../../server/payments/provider.ts";
import { moneyFaults } from "../../server/testing/moneyFaults.ts";
import type { MoneyWorld, PaidBooking } from "../../server/testing/moneyWorld.ts";
import { whileRewritten } from "../../server/testing/rewriteFunction.ts";
import type { Finding } from "../proof.ts";

type Action = (world: MoneyWorld, booking: PaidBooking, seen: ProviderOrder[]) => Promise<unknown> | unknown;

const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;

/** An amount that is not the price: a paisa, a rupee, a paisa too much. */
function wrongAmount({ provider }: MoneyWorld, { key }: PaidBooking) {
  const { amount } = provider.orderOf(key.paymentId);
  return { ...amount, minor: pick([1, 100, amount.minor + 1]) } as typeof amount;
}

/** What is refused at this moment is no error of the history: it was only tried. */
const attempt = (work: Promise<unknown>) => work.catch(() => undefined);

const actions: Record<string, Action> = {
  pay: ({ provider }, { orderId }) => provider.pay(orderId),
  payWithFee: ({ provider }, { orderId, key }) =>
    provider.pay(orderId, { fee: { ...provider.orderOf(key.paymentId).amount, minor: 2_000 as never } }),
  payWrong: (world, booking) => world.provider.pay(booking.orderId, { amount: wrongAmount(world, booking) }),
  fail: ({ provider }, { orderId }) => provider.fail(orderId),
  sync: (world, booking) => attempt(world.sync(booking)),
  syncAgain: (world, booking) => attempt(Promise.all([world.sync(booking), world.sync(booking)])),
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
      "update bookings set refund_full_cutoff = 1000000, refund_partial_cutoff = $2 where id = $1",
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

async function liveThrough(
  world: MoneyWorld,
  count: number,
  story?: string[],
): Promise<{ faults: string[]; actions: number }> {
  const faults: string[] = [];
  // What a twin has left behind.
  const before = new Set(await moneyFaults(world.test.db.owner));
  let taken = 0;
  for (let number = 0; number < count; number++) {
    const booking = await world.book({ approves: story === undefined && Math.random() < 0.4 });
    const seen: ProviderOrder[] = [];
    const actionsTaken = story ?? randomStory();
    for (const name of actionsTaken) await actions[name]?.(world, booking, seen);
    taken += actionsTaken.length;
    const found = await comeToRest(world, [booking]).then(
      () => faultsOf(world, booking),
      (error: Error) => [`${error.message}: ${error.cause}`],
    );
    faults.push(...found.map((fault) => `${fault} after ${actionsTaken.join(", ")}`));
    // The time is for the next one, and the mentor's queue of jobs short.
    await world.rows("delete from graphile_worker._private_jobs");
  }
  const after = await moneyFaults(world.test.db.owner);
  faults.push(...after.filter((fault) => !before.has(fault)));
  return { faults, actions: taken };
}

/** Stories that show what a line is for. */
const guards: readonly {
  promise: string;
  functionName: string;
  line: string;
  replacement: string;
  story: string[];
}[] = [
  {
    promise: "without the merging of states, an old answer books money again",
    functionName: "private.settle_payment",
    line: "is_new_state := known.id is null or array_position(ranks, given.state) > array_position(ranks, known.state);",
    replacement: "is_new_state := true;",
    story: ["pay", "look", "sync", "syncLate"],
  },
  {
    promise: "without the transfer of a requested refund, the escrow keeps it",
    functionName: "private.request_refund",
    line: "if paid.earned_at is null then",
    replacement: "if false then",
    story: ["pay", "sync", "studentCancels", "jobs"],
  },
  {
    promise: "without the verdict on an amount, a rupee pays for a session",
    functionName: "private.settle_payment",
    line: "is_right_amount := given.amount_minor = paid.amount_minor and given.currency = paid.currency;",
    replacement: "is_right_amount := true;",
    story: ["payWrong", "sync"],
  },
];

/** Random histories, one booking each, in several worlds at once. */
export async function proveHistories(worlds: readonly MoneyWorld[], count: number): Promise<Finding[]> {
  const [world] = worlds;
  if (!world) throw new Error("There is no world.");
  const lives = await Promise.all(worlds.map((each) => liveThrough(each, Math.ceil(count / worlds.length))));
  const faults = lives.flatMap((life) => life.faults);
  const taken = lives.reduce((sum, { actions: some }) => sum + some, 0);
  const findings: Finding[] = [
    {
      promise:
        "whatever happens, the ledger adds up, and agrees with the provider's records and the bookings",
      figure: `${count} histories, ${taken} actions, ${faults.length} faults${faults.length > 0 ? `, such as: ${faults.slice(0, 3).join(" | ")}` : ""}`,
      holds: faults.length === 0,
    },
  ];
  for (const { promise, functionName, line, replacement, story } of guards) {
    const unguarded = await whileRewritten(world.test.db, [functionName, line], replacement, () =>
      liveThrough(world, 1, story).catch((error: Error) => ({
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
