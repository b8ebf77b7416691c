import type { ProviderOrder } from "../../server/payments/provider.ts";
import type { MoneyWorld, Purchase, Session } from "../../server/testing/moneyWorld.ts";
import { pick, unlessRefused } from "./chance.ts";

/**
 * The second model of a bought package: whole numbers, and the rules as sentences would say them. It is told what was done and
 * what the app has learnt, and never looks at the database.
 */
class PackageModel {
  state: "unpaid" | "lapsed" | "active" | "expired" | "refunded" = "unpaid";
  /** Sessions that can still be booked, and the money for them. */
  left = 0;
  money = 0;
  isOver = false;
  dispute: "open" | "won" | "lost" | null = null;
  /** Sent back or on its way back, of what was paid for the package. */
  refunded = 0;
  fees = 0;
  losses = 0;
  /** Payments that were not for the package, and went back. */
  returned = 0;
  paid: string | null = null;
  readonly uses: Use[] = [];
  private readonly known = new Set<string>();
  private readonly knownRefunds = new Set<string>();

  private readonly terms: Purchase;
  /** What the mentor can be paid out, from before this package too. */
  mentor: number;

  constructor(terms: Purchase, mentor: number) {
    this.terms = terms;
    this.mentor = mentor;
  }

  /** The app has heard what the provider says. */
  learn({ attempts }: ProviderOrder, ours: ReadonlySet<string>): void {
    const inOrder = attempts.toSorted(
      (one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1),
    );
    for (const { id, state, amount, refunds, dispute } of inOrder) {
      if (state === "captured" && !this.known.has(id)) {
        this.known.add(id);
        if (amount.minor === this.terms.price && (this.state === "unpaid" || this.state === "lapsed")) {
          this.state = "active";
          this.left = this.terms.sessions;
          this.money = amount.minor;
          this.paid = id;
        } else this.returned += amount.minor;
      }
      if (id !== this.paid) continue;
      for (const refund of refunds) {
        if (this.knownRefunds.has(refund.id) || ours.has(refund.reference ?? "")) continue;
        this.knownRefunds.add(refund.id);
        this.giveBack(refund.amount.minor);
      }
      if (dispute !== null && dispute !== this.dispute && this.dispute !== "won" && this.dispute !== "lost") {
        this.dispute = dispute;
        if (dispute === "lost" && this.refunded < this.terms.price)
          this.giveBack(this.terms.price - this.refunded);
      }
    }
  }

  canBook(): boolean {
    return (
      this.state !== "unpaid" &&
      this.state !== "lapsed" &&
      this.state !== "refunded" &&
      this.dispute !== "open" &&
      !this.isOver &&
      this.left > 0
    );
  }

  book(session: Session): void {
    const share = Math.floor(this.money / this.left);
    this.left -= 1;
    this.money -= share;
    this.uses.push({
      session,
      share,
      state: "reserved",
      isEarned: false,
      hasPassed: false,
      isCancelled: false,
    });
  }

  /** A part goes back: of what no session has, then of sessions that are not earned, then of what was earned. */
  giveBack(amount: number): void {
    this.refunded += amount;
    let rest = amount;
    const take = (most: number) => {
      const part = Math.min(rest, most);
      rest -= part;
      return part;
    };
    this.money -= take(this.money);
    for (const use of this.uses.toReversed())
      if (use.state !== "returned" && !use.isEarned) use.share -= take(use.share);
    this.fees -= take(feeOf(rest));
    const ofMentor = take(this.mentor);
    this.mentor -= ofMentor;
    this.losses += rest;
    if (this.money === 0) {
      this.left = 0;
      this.state = "refunded";
    } else
      this.left = Math.min(
        this.left,
        Math.max(1, Math.round((this.money * this.terms.sessions) / this.terms.price)),
      );
  }

  /** Sends back what no session has. */
  refundUnused(): void {
    if (this.state !== "active") return;
    if (this.money > 0) this.giveBack(this.money);
    else {
      this.left = 0;
      this.state = "refunded";
    }
  }

  giveSessionBack(use: Use, isStudentsDoing: boolean): void {
    if (use.state === "returned") {
      // Given back by the student's own cancellation: for at least another month now.
      if (!isStudentsDoing && this.state === "active") this.isOver = false;
      return;
    }
    if (use.isEarned) return;
    if (use.share === 0 && this.terms.price >= this.terms.sessions) {
      use.state = "used";
      return;
    }
    use.state = "returned";
    this.left += 1;
    this.money += use.share;
    this.state = "active";
    if (!isStudentsDoing) this.isOver = false;
  }

  /** The jobs about packages: a purchase that was not paid, one that is over, and sessions that were held. */
  settle(isOld: boolean): void {
    if (this.state === "unpaid" && isOld) this.state = "lapsed";
    if (this.dispute === "open") return;
    if (this.state === "active" && this.isOver) {
      this.state = "expired";
      this.left = 0;
      this.earn(this.money);
      this.money = 0;
    }
    for (const use of this.uses) {
      if (use.state === "returned" || use.isEarned || !use.hasPassed) continue;
      use.state = "used";
      use.isEarned = true;
      this.earn(use.share);
    }
  }

  private earn(amount: number): void {
    this.fees += feeOf(amount);
    this.mentor += amount - feeOf(amount);
  }
}

interface Use {
  session: Session;
  share: number;
  state: "reserved" | "used" | "returned";
  isEarned: boolean;
  hasPassed: boolean;
  isCancelled: boolean;
}

/** A tenth, half a unit rounded up. */
const feeOf = (amount: number) => Math.floor((amount * 1_000 + 5_000) / 10_000);

interface Story {
  world: MoneyWorld;
  bought: Purchase;
  model: PackageModel;
  /** Old answers of the provider. */
  seen: ProviderOrder[];
  /** What a step was allowed to do, against the model. */
  faults: string[];
  isOld: boolean;
}

const orderOf = ({ world, bought }: Story) => world.provider.orderOf(bought.key.paymentId);
const accepted = (story: Story) => orderOf(story).attempts.find(({ id }) => id === story.model.paid);

/** Our own refunds, which the app knows already. */
async function ourRefunds({ world, bought }: Story): Promise<Set<string>> {
  const rows = await world.rows<{ id: string }>(
    "select id from refunds where payment_id = $1",
    bought.key.paymentId,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Tells the app, and the model if the app has heard it. */
async function hear(story: Story, answer: ProviderOrder): Promise<void> {
  const ours = await ourRefunds(story);
  await story.world.syncWith(story.bought, answer);
  story.model.learn(answer, ours);
}

const isOpen = ({ isCancelled, hasPassed }: Use) => !isCancelled && !hasPassed;

async function cancel(story: Story, by: "student" | "mentor", use: Use): Promise<void> {
  const { world, model } = story;
  const isJoined = by === "mentor" && use.isCancelled && !use.hasPassed;
  const isDone = await world.step(use.session, by, "cancelled").then(
    () => true,
    () => false,
  );
  if (isDone !== (isOpen(use) || (isJoined && wasStudents.has(use)))) {
    story.faults.push(`the ${by} could${isDone ? "" : " not"} cancel`);
    return;
  }
  if (!isDone) return;
  if (!use.isCancelled && by === "student") wasStudents.add(use);
  use.isCancelled = true;
  if (by === "mentor" || !isLate.has(use)) model.giveSessionBack(use, by === "student");
  else use.state = "used";
}

const wasStudents = new WeakSet<Use>();
/** Sessions that are too near for the student to get anything back. */
const isLate = new WeakSet<Use>();

function dispute(story: Story, state: "open" | "won" | "lost") {
  const paid = accepted(story);
  if (!paid) return undefined;
  paid.dispute = state;
  return hear(story, structuredClone(orderOf(story)));
}

/** Behind the triggers' backs: time. */
const late = (world: MoneyWorld, text: string, ...values: unknown[]) =>
  world.rows("set session_replication_role = replica").then(async () => {
    await world.rows(text, ...values);
    await world.rows("reset session_replication_role");
  });

const packageActions: Record<string, (story: Story) => Promise<unknown> | unknown> = {
  pay: ({ world, bought }) => world.provider.pay(bought.orderId),
  payWrong: ({ world, bought }) =>
    world.provider.pay(bought.orderId, {
      amount: { minor: pick([100, bought.price + 1]), currency: "INR" } as never,
    }),
  fail: ({ world, bought }) => world.provider.fail(bought.orderId),
  hear: (story) => hear(story, structuredClone(orderOf(story))),
  look: (story) => story.seen.push(structuredClone(orderOf(story))),
  hearLate: (story) => (story.seen.length > 0 ? hear(story, pick(story.seen)) : undefined),
  book: async (story) => {
    const { world, bought, model, faults } = story;
    const session = await unlessRefused(world.bookOf(bought), "package_purchases_usable");
    if ((session !== undefined) !== model.canBook())
      faults.push(`a session could${session ? "" : " not"} be booked`);
    if (session && model.canBook()) model.book(session);
  },
  studentCancels: async (story) => {
    if (story.model.uses.length > 0) await cancel(story, "student", pick(story.model.uses));
  },
  mentorCancels: async (story) => {
    if (story.model.uses.length > 0) await cancel(story, "mentor", pick(story.model.uses));
  },
  nearer: async ({ world, model }) => {
    const open = model.uses.filter(isOpen);
    if (open.length === 0) return;
    const use = pick(open);
    isLate.add(use);
    await world.rows(
      "update bookings set refund_full_cutoff = 1000000, refund_partial_cutoff = $2 where id = $1",
      use.session.id,
      pick([0, 1_000_000]),
    );
  },
  timePasses: async ({ world, model }) => {
    for (const use of model.uses) use.hasPassed = true;
    await late(
      world,
      `update bookings set starts_at = starts_at - interval '10 years', ends_at = ends_at - interval '10 years',
         status = case status when 'confirmed' then 'completed' else status end
       where id = any($1) and starts_at > now()`,
      model.uses.map(({ session }) => session.id),
    );
  },
  expires: async ({ world, bought, model }) => {
    if (model.state === "unpaid" || model.state === "lapsed") return;
    model.isOver = true;
    await late(world, "update package_purchases set expires_at = now() where id = $1", bought.id);
  },
  growsOld: async (story) => {
    story.isOld = true;
    await late(
      story.world,
      "update package_purchases set created_at = now() - interval '25 hours' where id = $1",
      story.bought.id,
    );
  },
  settle: async ({ world, bought, model, isOld }) => {
    await world.rows("select private.settle_offers($1, 1000)", bought.key.mentorId);
    model.settle(isOld);
  },
  refundUnused: async ({ world, bought, model }) => {
    await world.rows("select private.refund_package($1, $2)", bought.key.mentorId, bought.id);
    model.refundUnused();
  },
  refundPart: async ({ world, bought, model }) => {
    const most = Math.min(model.money, bought.price - model.refunded);
    if (model.paid === null || most === 0) return;
    const amount = 1 + Math.floor(Math.random() * most);
    await world.rows(
      `select private.request_refund(p.expert_id, p.id, p.accepted_attempt_id, $2, 'administrator') from payments p where p.id = $1`,
      bought.key.paymentId,
      amount,
    );
    model.giveBack(amount);
  },
  refundByHand: (story) => {
    const paid = accepted(story);
    const most = story.bought.price - story.model.refunded;
    if (!paid || most <= 0 || paid.refunds.some(({ reference }) => reference === null)) return;
    const minor = 1 + Math.floor(Math.random() * most);
    paid.refunds.push({
      id: `hand_${paid.id}`,
      reference: null,
      amount: { minor, currency: "INR" } as never,
      state: "done",
    });
    // Heard at once: what the app requests before it knows would be refused by the provider.
    return hear(story, structuredClone(orderOf(story)));
  },
  disputeOpens: (story) => dispute(story, "open"),
  disputeEnds: (story) => dispute(story, pick(["won", "lost"] as const)),
  jobs: ({ world }) => world.runJobs(),
  noAnswer: ({ world }) => {
    world.provider.faults.set("refund", [pick(["unknown_after", "unknown_before"] as const)]);
  },
  slowRefunds: ({ world }) => {
    world.provider.refundsAtOnce = !world.provider.refundsAtOnce;
  },
};
const names = Object.keys(packageActions);

async function comeToRest(story: Story): Promise<void> {
  const { world } = story;
  world.provider.faults.clear();
  world.provider.refundsAtOnce = true;
  for (let round = 0; round < 4; round++) {
    world.provider.settleRefunds("done");
    await hear(story, structuredClone(orderOf(story)));
    if ((await world.runJobs()) === 0 && round > 0) return;
  }
}

const flows = (kind: string, sign: "to" | "from") =>
  `(select coalesce(sum(t.amount_minor), 0) from private.ledger_transfers t
    where t.expert_id = $3 and t.${sign}_kind = '${kind}' and t.currency = 'INR')`;

/** Of the mentor, over all packages: a story compares what it has added. */
async function readSums({ world, bought }: Pick<Story, "world" | "bought">) {
  const [sums] = await world.rows<Record<"mentor" | "fees" | "losses", number>>(
    `select private.balance_of($3, 'mentor', $3, 'INR') as mentor, (${flows("fees", "to")} - ${flows("fees", "from")})::bigint as fees,
       (${flows("losses", "from")} - ${flows("losses", "to")})::bigint as losses
     from (select $1::uuid, $2::uuid) asked`,
    bought.id,
    bought.key.paymentId,
    bought.key.mentorId,
  );
  return sums ?? { mentor: 0, fees: 0, losses: 0 };
}

async function faultsOf(story: Story, before: Awaited<ReturnType<typeof readSums>>): Promise<string[]> {
  const { world, bought, model } = story;
  const [found] = await world.rows<Record<string, unknown>>(
    `select g.state, private.balance_of(g.expert_id, 'credits', g.id, private.credit_currency(g.service_id)) as left,
       private.balance_of(g.expert_id, 'package_money', g.id, g.currency) as money,
       private.balance_of(g.expert_id, 'refunds_payable', p.id, p.currency) as payable,
       coalesce((select sum(private.balance_of(g.expert_id, 'escrow', u.booking_id, g.currency)) from credit_uses u
         where u.package_purchase_id = g.id), 0)::bigint as escrow,
       coalesce((select sum(private.balance_of(g.expert_id, 'credits_reserved', u.booking_id, private.credit_currency(g.service_id)))
         from credit_uses u where u.package_purchase_id = g.id), 0)::bigint as reserved,
       (select count(*)::int from credit_uses u where u.package_purchase_id = g.id and u.state = 'used') as used,
       (select count(*)::int from documents d where d.payment_id = p.id and d.kind = 'receipt') as receipts
     from package_purchases g join payments p on p.package_purchase_id = g.id where g.id = $1`,
    bought.id,
  );
  const after = await readSums(story);
  const sum = (of: (use: Use) => number) => model.uses.reduce((all, use) => all + of(use), 0);
  const expected = {
    state: model.state,
    left: model.left,
    money: model.money,
    payable: 0,
    escrow: sum(({ state, isEarned, share }) => (state === "returned" || isEarned ? 0 : share)),
    reserved: sum(({ state }) => Number(state === "reserved")),
    used: sum(({ state }) => Number(state === "used")),
    receipts: Number(model.paid !== null),
    mentor: model.mentor,
    fees: model.fees,
    losses: model.losses,
  };
  const actual = {
    ...found,
    mentor: after.mentor,
    fees: after.fees - before.fees,
    losses: after.losses - before.losses,
  };
  const faults = [...story.faults];
  for (const [what, value] of Object.entries(expected)) {
    if (actual[what as keyof typeof actual] !== value)
      faults.push(`${what} is ${actual[what as keyof typeof actual]}, not ${value}`);
  }
  // What the provider has sent back is what the model expects, but for what a bank took by itself.
  const back = orderOf(story).attempts.flatMap(({ refunds }) =>
    refunds.filter(({ state }) => state === "done"),
  );
  const sent = back.reduce((all, { amount }) => all + amount.minor, 0);
  const owed = model.refunded + model.returned;
  if (model.dispute === "lost" ? sent > owed : sent !== owed)
    faults.push(`the provider has sent back ${sent}, not ${owed}`);
  return faults;
}

/** One purchase and what becomes of it. Returns what does not agree with the model, and how many actions it took. */
export async function livePackage(
  world: MoneyWorld,
  story?: string[],
): Promise<{ faults: string[]; actions: number }> {
  const bought = await world.buy(
    story
      ? { sessions: 3, price: 400_001 }
      : { sessions: pick([2, 3, 7]), price: pick([102, 1_000, 400_001, 777_777]) },
  );
  // What earlier stories of this mentor have left to settle.
  await world.rows("select private.settle_offers($1, 1000)", bought.key.mentorId);
  const before = await readSums({ world, bought });
  const life: Story = {
    world,
    bought,
    model: new PackageModel(bought, before.mentor),
    seen: [],
    faults: [],
    isOld: false,
  };
  const taken = story ?? randomStory();
  const faults = await (async () => {
    for (const name of taken) await packageActions[name]?.(life);
    await comeToRest(life);
    return faultsOf(life, before);
  })().catch((error: Error) => [`${error.message}`]);
  return {
    faults: faults.map((fault) => `package: ${fault} after ${taken.join(", ")}`),
    actions: taken.length,
  };
}

/** Most purchases are paid; without that there is not much to tell. */
function randomStory(): string[] {
  const rest = Array.from({ length: 2 + Math.floor(Math.random() * 14) }, () => pick(names));
  return Math.random() < 0.8 ? ["pay", "hear", "book", ...rest] : rest;
}
