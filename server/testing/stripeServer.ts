import { createHmac, randomBytes } from "node:crypto";
import { startVendorServer, type VendorAnswer, type VendorRequest } from "./vendorServer.ts";

export const stripeKeys = {
  secretKey: "sk_test_matepeakSecret",
  publishableKey: "pk_test_matepeak",
  webhookSecret: "whsec_matepeakSecret",
};

interface Entity {
  [name: string]: unknown;
  id: string;
  object: string;
  created: number;
}
interface Intent extends Entity {
  amount: number;
  amount_capturable: number;
  amount_received: number;
  capture_method: string;
  status: string;
  latest_charge: string | null;
}
interface Charge extends Entity {
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  payment_intent: string;
  captured: boolean;
  refunded: boolean;
  disputed: boolean;
  status: "succeeded" | "pending" | "failed";
}
interface Refund extends Entity {
  amount: number;
  charge: string;
  payment_intent: string;
  status: string;
}
interface Payout extends Entity {
  status: string;
  automatic: boolean;
  arrival_date: number;
  /** Not shown. */
  entries: Entity[];
}
interface Dispute extends Entity {
  charge: string;
  payment_intent: string;
  status: string;
}

class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Keys are remembered for a day. */
const keyLifeMs = 86_400_000;

/** Stripe's API as far as the app uses it, as strict as the real one. https://docs.stripe.com/api */
export async function startStripeServer({ now = Date.now }: { now?: () => number } = {}) {
  const intents: Intent[] = [];
  const charges: Charge[] = [];
  const refunds: Refund[] = [];
  const disputes: Dispute[] = [];
  const payouts: Payout[] = [];
  const keys = new Map<string, { request: string; answer: VendorAnswer; at: number }>();
  const deliveries: { body: Buffer; headers: Record<string, string> }[] = [];

  const entity = <Name extends string>(object: Name, prefix: string) => ({
    id: `${prefix}_${randomBytes(12).toString("hex")}`,
    object,
    created: Math.floor(now() / 1000),
  });

  function createIntent(given: Form): Intent {
    only(given, [
      "amount",
      "currency",
      "capture_method",
      "allowed_payment_method_types",
      "description",
      "metadata",
    ]);
    const amount = minor(given.amount);
    check(given.currency === "inr", "parameter_invalid", `Invalid currency: ${given.currency}`);
    check(
      amount >= 5_000,
      "amount_too_small",
      "The amount must convert to at least 50 cents. ₹50.00 converts to approximately $0.60.",
    );
    const capture = given.capture_method ?? "automatic_async";
    check(
      ["automatic", "automatic_async", "manual"].includes(String(capture)),
      "parameter_invalid",
      "Invalid capture_method",
    );
    const about = entity("payment_intent", "pi");
    const intent: Intent = {
      ...about,
      amount,
      amount_capturable: 0,
      amount_received: 0,
      currency: "inr",
      capture_method: String(capture),
      client_secret: `${about.id}_secret_${randomBytes(8).toString("hex")}`,
      status: "requires_payment_method",
      latest_charge: null,
      description: given.description ?? null,
      metadata: given.metadata ?? {},
    };
    intents.push(intent);
    return intent;
  }

  function captureIntent(intent: Intent, given: Form): Intent {
    only(given, ["amount_to_capture"]);
    requireStatus(intent, ["requires_capture"], "captured");
    const amount = given.amount_to_capture === undefined ? intent.amount : minor(given.amount_to_capture);
    check(
      amount > 0 && amount <= intent.amount_capturable,
      "amount_too_large",
      "The amount is larger than the capturable amount",
    );
    setCaptured(find(charges, intent.latest_charge ?? "", "charge"), amount);
    deliver("charge.captured", find(charges, intent.latest_charge ?? "", "charge"));
    deliver("payment_intent.succeeded", intent);
    return intent;
  }

  function setCaptured(charge: Charge, amount: number): void {
    const fee = Math.round(amount * 0.03) + 200;
    Object.assign(charge, {
      captured: true,
      amount_captured: amount,
      balance_transaction: {
        ...entity("balance_transaction", "txn"),
        amount,
        fee,
        net: amount - fee,
        currency: "inr",
      },
    });
    const intent = find(intents, charge.payment_intent, "payment_intent");
    Object.assign(intent, { status: "succeeded", amount_received: amount, amount_capturable: 0 });
  }

  function cancelIntent(intent: Intent): Intent {
    const open = ["requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"];
    requireStatus(intent, open, "canceled");
    if (intent.status === "requires_capture") letGo(intent);
    Object.assign(intent, { status: "canceled", amount_capturable: 0 });
    deliver("payment_intent.canceled", intent);
    return intent;
  }

  /** Stripe writes a refund for it, though nothing was charged. */
  function letGo(intent: Intent): void {
    const charge = find(charges, intent.latest_charge ?? "", "charge");
    Object.assign(charge, { refunded: true, amount_refunded: charge.amount });
    refunds.push({
      ...entity("refund", "re"),
      amount: charge.amount,
      currency: "inr",
      charge: charge.id,
      payment_intent: intent.id,
      status: "succeeded",
      metadata: {},
    });
  }

  function createRefund(given: Form): Refund {
    only(given, ["charge", "amount", "metadata"]);
    const charge = find(charges, String(given.charge), "charge");
    const left = charge.amount_captured - charge.amount_refunded;
    const amount = given.amount === undefined ? left : minor(given.amount);
    check(charge.captured, "charge_not_refundable", "This charge has not been captured.");
    check(!charge.refunded, "charge_already_refunded", `Charge ${charge.id} has already been refunded.`);
    check(
      amount > 0 && amount <= left,
      undefined,
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
    );
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount_captured;
    const made: Refund = {
      ...entity("refund", "re"),
      amount,
      currency: "inr",
      charge: charge.id,
      payment_intent: charge.payment_intent,
      status: "pending",
      metadata: given.metadata ?? {},
    };
    refunds.push(made);
    deliver("refund.created", made);
    return made;
  }

  function requireStatus(intent: Intent, wanted: string[], verb: string): void {
    check(
      wanted.includes(intent.status),
      "payment_intent_unexpected_state",
      `This PaymentIntent could not be ${verb} because it has a status of ${intent.status}.`,
    );
  }

  function entriesOf(query: URLSearchParams): Entity[] {
    const payout = find(payouts, query.get("payout") ?? "", "payout");
    check(
      payout.automatic,
      "",
      "Balance transaction history can only be filtered on automatic transfers, not manual.",
    );
    check(query.get("expand[0]") === "data.source", "", "The tests need the charges themselves.");
    return payout.entries;
  }

  /** Pays out what was captured and refunded since the last time. Returns the payout's id. */
  function settle({ automatic = true, status = "paid" } = {}): string {
    const about = {
      ...entity("payout", "po"),
      status,
      automatic,
      currency: "inr",
      arrival_date: Math.floor(now() / 1000),
    };
    const known = new Set(
      payouts.filter((one) => one.status === "paid").flatMap(({ entries }) => entries.map(({ id }) => id)),
    );
    const entries = [
      ...charges
        .filter(({ captured }) => captured)
        .map((charge) => ({
          ...entity("balance_transaction", "txn"),
          ...(charge.balance_transaction as object),
          type: "charge",
          source: collapsed(charge),
        })),
      ...refunds
        .filter(({ status: state }) => state === "succeeded")
        .map((refund) => ({
          ...entity("balance_transaction", `txn_of_${refund.id}`),
          id: `txn_of_${refund.id}`,
          type: "refund",
          amount: -refund.amount,
          fee: 0,
          currency: "inr",
          source: refund,
        })),
    ].filter(({ id }) => !known.has(id));
    const payoutEntry = {
      ...entity("balance_transaction", "txn"),
      type: "payout",
      amount: -1,
      fee: 0,
      currency: "inr",
      source: about,
    };
    payouts.push({ ...about, entries: [payoutEntry, ...entries] });
    return about.id;
  }

  function perform(request: VendorRequest): VendorAnswer {
    try {
      if (request.headers.authorization !== `Bearer ${stripeKeys.secretKey}`) {
        return errorOf(
          401,
          "invalid_request_error",
          `Invalid API Key provided: ${request.headers.authorization}`,
        );
      }
      return { status: 200, body: route(request) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return errorOf(error.status, "invalid_request_error", error.message, error.code);
    }
  }

  function route({ method, path, query, body }: VendorRequest): object {
    const [noun, id = "", verb] = path;
    const form = parseForm(new URLSearchParams(body));
    switch (`${method} ${noun}${id ? "/:id" : ""}${verb ? `/${verb}` : ""}`) {
      case "POST payment_intents":
        return createIntent(form);
      case "GET payment_intents":
        return page(intents, query);
      case "GET payment_intents/:id":
        return find(intents, id, "payment_intent");
      case "POST payment_intents/:id/capture":
        return captureIntent(find(intents, id, "payment_intent"), form);
      case "POST payment_intents/:id/cancel":
        return cancelIntent(find(intents, id, "payment_intent"));
      case "GET charges":
        return page(charges.map(query.has("expand[0]") ? (charge) => charge : collapsed), query);
      case "GET payouts":
        return page(
          payouts
            .filter(({ arrival_date: at }) => at >= Number(query.get("arrival_date[gte]") ?? 0))
            .filter(
              ({ arrival_date: at }) => at <= Number(query.get("arrival_date[lte]") ?? Number.MAX_VALUE),
            )
            .map(({ entries: _, ...payout }) => payout),
          query,
        );
      case "GET balance_transactions":
        return page(entriesOf(query), query);
      case "POST refunds":
        return createRefund(form);
      case "GET refunds":
        return page(refunds, query);
      case "GET disputes":
        return page(disputes, query);
      default:
        throw new Refused("url_unknown", `Unrecognized request URL (${method}: /v1/${path.join("/")}).`, 404);
    }
  }

  const keyOf = ({ method, headers }: VendorRequest) =>
    method === "POST" ? headers["idempotency-key"]?.toString() : undefined;
  const contentOf = ({ path, body }: VendorRequest) => `${path.join("/")} ${body}`;

  const server = await startVendorServer({
    perform,
    replay(request) {
      const known = keys.get(keyOf(request) ?? "");
      if (!known || now() - known.at > keyLifeMs) return undefined;
      if (known.request !== contentOf(request)) {
        return errorOf(
          400,
          "idempotency_error",
          "Keys for idempotent requests can only be used with the same parameters they were first used with.",
        );
      }
      return { ...known.answer, headers: { "idempotent-replayed": "true" } };
    },
    remember(request, answer) {
      const key = keyOf(request);
      // What fails validation is not remembered.
      if (!key || (answer.status >= 400 && answer.status < 500)) return;
      // As it was at that moment: a repeat shows no later state.
      const asWas: VendorAnswer = { ...answer, body: structuredClone(answer.body) };
      keys.set(key, { request: contentOf(request), answer: asWas, at: now() });
    },
    failure: errorOf(500, "api_error", "An unknown error occurred"),
    tooMany: errorOf(429, "invalid_request_error", "Request rate limit exceeded.", "rate_limit"),
  });

  function deliver(type: string, object: object, at = now()): void {
    const body = Buffer.from(
      JSON.stringify({ ...entity("event", "evt"), type, data: { object }, livemode: false }),
    );
    deliveries.push({ body, headers: { "stripe-signature": sign(body, at) } });
  }

  function sign(body: Buffer, at = now()): string {
    const time = Math.floor(at / 1000);
    const content = Buffer.concat([Buffer.from(`${time}.`), body]);
    return `t=${time},v1=${createHmac("sha256", stripeKeys.webhookSecret).update(content).digest("hex")}`;
  }

  /** The payer tries to pay: as the order says, or as the test does. Returns the charge's id. */
  function pay(intentId: string, how: { state?: "created" | "authorized" | "failed" } = {}) {
    const intent = find(intents, intentId, "payment_intent");
    requireStatus(intent, ["requires_payment_method", "requires_action"], "confirmed");
    const state = how.state ?? "authorized";
    const status = ({ created: "pending", authorized: "succeeded", failed: "failed" } as const)[state];
    const charge: Charge = {
      ...entity("charge", "ch"),
      amount: intent.amount,
      amount_captured: 0,
      amount_refunded: 0,
      currency: "inr",
      payment_intent: intent.id,
      captured: false,
      refunded: false,
      disputed: false,
      status,
      failure_code: state === "failed" ? "card_declined" : null,
      failure_message: state === "failed" ? "Your card was declined." : null,
      payment_method_details: { type: "card" },
      balance_transaction: null,
    };
    charges.push(charge);
    intent.latest_charge = charge.id;
    if (state === "failed") {
      deliver("charge.failed", charge);
      deliver("payment_intent.payment_failed", intent);
    } else if (state === "created") intent.status = "processing";
    else if (intent.capture_method === "manual") {
      Object.assign(intent, { status: "requires_capture", amount_capturable: intent.amount });
      deliver("charge.succeeded", charge);
      deliver("payment_intent.amount_capturable_updated", intent);
    } else {
      setCaptured(charge, charge.amount);
      deliver("charge.succeeded", charge);
      deliver("payment_intent.succeeded", intent);
    }
    return charge.id;
  }

  return {
    ...server,
    address: { protocol: "http" as const, host: "127.0.0.1", port: server.port },
    deliveries,
    sign,
    /** The last delivery once more, signed at another time. */
    deliverAt: (at: number) => {
      const { body } = deliveries.at(-1) ?? { body: Buffer.from("{}") };
      const { type, data } = JSON.parse(body.toString()) as { type: string; data: { object: object } };
      deliver(type, data.object, at);
    },
    pay,
    finishRefund(refundId: string, status: "succeeded" | "failed") {
      const made = Object.assign(find(refunds, refundId, "refund"), { status });
      const charge = find(charges, made.charge, "charge");
      if (status === "failed") {
        made.failure_reason = "expired_or_canceled_card";
        Object.assign(charge, { refunded: false, amount_refunded: charge.amount_refunded - made.amount });
      }
      deliver(status === "failed" ? "refund.failed" : "refund.updated", made);
    },
    dispute(chargeId: string, status: string) {
      const charge = find(charges, chargeId, "charge");
      charge.disputed = true;
      const known = disputes.find((each) => each.charge === chargeId);
      const about = { charge: chargeId, payment_intent: charge.payment_intent, currency: "inr" };
      const made = known ?? { ...entity("dispute", "du"), ...about, amount: charge.amount, status };
      if (!known) disputes.push(made);
      made.status = status;
      deliver(known ? "charge.dispute.closed" : "charge.dispute.created", made);
    },
    /** Of another product of the same account. */
    createForeignOrder(currency: string) {
      const intent = createIntent({ amount: "10000", currency: "inr" });
      return Object.assign(intent, { currency }).id;
    },
    /** The vendor's clock has passed the life of all idempotency keys. */
    forgetKeys: () => keys.clear(),
    settle,
    /** What Stripe kept in the end. */
    changeFee: (chargeId: string, fee: number, where: "in the settlement" | "in the payment") => {
      const charge = find(charges, chargeId, "charge").balance_transaction as Entity;
      const settled = payouts.flatMap(({ entries }) => entries).find(({ id }) => id === charge.id);
      Object.assign((where === "in the payment" ? charge : settled) ?? {}, { fee });
    },
    /** What settled in another currency than it was paid in. */
    settleIn: (chargeId: string, currency: string) =>
      Object.assign(find(charges, chargeId, "charge").balance_transaction as object, { currency }),
    orders: () => intents,
    refundsOf: (chargeId: string) => refunds.filter(({ charge }) => charge === chargeId),
  };
}

type Form = Record<string, string | Record<string, string>>;

/** One level of brackets: `metadata[payment_id]=…`, `allowed_payment_method_types[0]=card`. */
function parseForm(given: URLSearchParams): Form {
  const form: Form = {};
  for (const [name, value] of given) {
    const [, outer, inner] = /^(\w+)\[(\w+)\]$/.exec(name) ?? [];
    if (outer === undefined || inner === undefined) form[name] = value;
    else form[outer] = { ...(form[outer] as Record<string, string> | undefined), [inner]: value };
  }
  return form;
}

function errorOf(status: number, type: string, message: string, code?: string): VendorAnswer {
  return { status, body: { error: { type, message, ...(code ? { code } : {}) } } };
}

function check(isRight: boolean, code: string | undefined, message: string): void {
  if (!isRight) throw new Refused(code ?? "", message);
}

function only(given: object, known: string[]): void {
  const other = Object.keys(given).find((name) => !known.includes(name));
  check(other === undefined, "parameter_unknown", `Received unknown parameter: ${other}`);
}

function minor(value: Form[string] | undefined): number {
  check(typeof value === "string" && /^\d{1,8}$/.test(value), "parameter_invalid_integer", "Invalid integer");
  return Number(value);
}

function find<Item extends Entity>(items: Item[], id: string, object: string): Item {
  const found = items.find((item) => item.id === id);
  if (!found) throw new Refused("resource_missing", `No such ${object}: '${id}'`, 404);
  return found;
}

function collapsed(charge: Charge): Charge {
  const entry = charge.balance_transaction as { id: string } | null;
  return { ...charge, balance_transaction: entry?.id ?? null };
}

/** Newest first, ten at a time unless the query says more. */
function page(all: Entity[], query: URLSearchParams): object {
  const limit = Number(query.get("limit") ?? 10);
  check(limit >= 1 && limit <= 100, "parameter_invalid_integer", "limit must be at most 100");
  const gte = Number(query.get("created[gte]") ?? 0);
  const lte = Number(query.get("created[lte]") ?? Number.POSITIVE_INFINITY);
  const wanted = all
    .filter(({ created }) => created >= gte && created <= lte)
    .filter((each) =>
      ["payment_intent", "charge"].every((name) => !query.has(name) || each[name] === query.get(name)),
    )
    .reverse();
  const after = query.get("starting_after");
  const start = after ? wanted.findIndex(({ id }) => id === after) + 1 : 0;
  return {
    object: "list",
    data: wanted.slice(start, start + limit),
    has_more: wanted.length > start + limit,
  };
}
