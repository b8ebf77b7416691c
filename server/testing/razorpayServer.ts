import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { startVendorServer, type VendorAnswer, type VendorRequest } from "./vendorServer.ts";

export const razorpayKeys = {
  keyId: "rzp_test_matepeak",
  keySecret: "razorpay key secret",
  webhookSecret: "razorpay webhook secret",
};

interface Entity {
  [name: string]: unknown;
  id: string;
  created_at: number;
}
interface Order extends Entity {
  amount: number;
  receipt: string | null;
  status: "created" | "attempted" | "paid";
  /** Not shown. */
  capture: "automatic" | "manual";
}
interface Payment extends Entity {
  amount: number;
  order_id: string;
  status: "created" | "authorized" | "captured" | "refunded" | "failed";
  captured: boolean;
  amount_refunded: number;
}
interface Refund extends Entity {
  amount: number;
  payment_id: string;
  status: "pending" | "processed" | "failed";
}
interface Transfer extends Entity {
  amount: number;
  source: string;
  amount_reversed: number;
  status: "pending" | "processed" | "failed" | "reversed" | "partially_reversed";
}
interface Reversal extends Entity {
  amount: number;
  transfer_id: string;
}
interface Settled {
  entity_id: string;
  type: "payment" | "refund";
  settled_at: number;
  [name: string]: unknown;
}
interface Dispute extends Entity {
  payment_id: string;
  status: "open" | "under_review" | "won" | "lost" | "closed";
}

class Refused extends Error {}

/** Razorpay's API as far as the app uses it, as strict as the real one. https://razorpay.com/docs/api/ */
export async function startRazorpayServer({ now = Date.now }: { now?: () => number } = {}) {
  const orders: Order[] = [];
  const payments: Payment[] = [];
  const refunds: Refund[] = [];
  const transfers: Transfer[] = [];
  const reversals: Reversal[] = [];
  const disputes: Dispute[] = [];
  const settled: Settled[] = [];
  const refundKeys = new Map<string, { body: string; answer: VendorAnswer }>();
  const deliveries: { body: Buffer; headers: Record<string, string> }[] = [];

  const entity = (prefix: string) => ({
    id: `${prefix}_${randomBytes(7).toString("hex")}`,
    created_at: Math.floor(now() / 1000),
  });

  function createOrder(body: Record<string, unknown>): Order {
    only(body, ["amount", "currency", "receipt", "notes", "payment"]);
    const { amount, currency, receipt = null, notes = [], payment = {} } = body;
    check(isMinor(amount) && amount >= 100, "Order amount less than minimum amount allowed");
    check(currency === "INR", "Currency is not supported");
    check(receipt === null || String(receipt).length <= 40, "receipt: the length must be no more than 40.");
    checkNotes(notes);
    const capture = captureOf(payment as Record<string, unknown>);
    const order: Order = {
      ...entity("order"),
      entity: "order",
      amount: amount as number,
      amount_paid: 0,
      currency,
      receipt: receipt as string | null,
      status: "created",
      notes,
      capture,
    };
    orders.push(order);
    return order;
  }

  function capture(payment: Payment, { amount, currency, ...rest }: Record<string, unknown>): Payment {
    only(rest, []);
    check(!payment.captured, "This payment has already been captured");
    check(
      payment.status === "authorized",
      "Only payments which have been authorized and not yet captured can be captured",
    );
    check(currency === "INR", "The currency is not that of the payment");
    check(
      amount === payment.amount,
      "Capture amount must be equal to the amount authorized, given amount differs",
    );
    setCaptured(payment);
    deliver("payment.captured", payment.order_id, { payment });
    return payment;
  }

  function setCaptured(payment: Payment): void {
    Object.assign(payment, { status: "captured", captured: true, ...feeOf(payment.amount) });
    Object.assign(find(orders, payment.order_id), { status: "paid" });
  }

  function refund(payment: Payment, body: Record<string, unknown>): Refund {
    only(body, ["amount", "speed", "notes", "receipt"]);
    const { amount = payment.amount - payment.amount_refunded, speed = "normal", notes = [] } = body;
    check(payment.captured, "The payment status should be captured for action to be taken");
    check(speed === "normal" || speed === "optimum", "The selected speed is invalid.");
    check(isMinor(amount) && amount >= 100, "The amount must be at least INR 1.00");
    checkNotes(notes);
    check(
      (amount as number) <= payment.amount - payment.amount_refunded,
      "The total refund amount is greater than the refund payment amount",
    );
    payment.amount_refunded += amount as number;
    if (payment.amount_refunded === payment.amount) payment.status = "refunded";
    const made: Refund = {
      ...entity("rfnd"),
      entity: "refund",
      amount: amount as number,
      currency: "INR",
      payment_id: payment.id,
      notes,
      status: "pending",
    };
    refunds.push(made);
    deliver("refund.created", payment.order_id, { payment, refund: made });
    return made;
  }

  function transfer(payment: Payment, body: Record<string, unknown>): { items: Transfer[] } {
    only(body, ["transfers"]);
    const asked = body.transfers as Record<string, unknown>[];
    check(payment.captured, "Only captured payments can be transferred");
    check(payment.amount_refunded === 0, "Transfers cannot be made on a payment that has been refunded");
    const items = asked.map(({ account, amount, currency, notes = [], on_hold, ...rest }): Transfer => {
      only(rest, []);
      check(/^acc_\w+$/.test(String(account)), "The account must be a linked account");
      check(isMinor(amount) && amount >= 100, "The amount must be at least INR 1.00");
      check(currency === "INR", "The currency should be INR");
      check(typeof on_hold === "boolean", "on_hold must be a boolean");
      checkNotes(notes);
      const given = { ...entity("trf"), entity: "transfer", source: payment.id, recipient: account };
      return {
        ...given,
        amount: amount as number,
        currency,
        notes,
        status: "pending",
        amount_reversed: 0,
        error: {},
      };
    });
    const before = sum(transfers.filter(({ source }) => source === payment.id));
    check(
      before + sum(items) <= payment.amount - Number(payment.fee ?? 0),
      "Transfer amount was greater than amount available for transfer",
    );
    transfers.push(...items);
    return { items };
  }

  function reverse(given: Transfer, { amount, notes = [], ...rest }: Record<string, unknown>): Reversal {
    only(rest, []);
    check(isMinor(amount) && amount >= 100, "The amount must be at least INR 1.00");
    check(
      given.status === "processed" || given.status === "partially_reversed",
      "The transfer is not processed",
    );
    check(
      (amount as number) <= given.amount - given.amount_reversed,
      "The reversal amount is greater than the transfer",
    );
    given.amount_reversed += amount as number;
    given.status = given.amount_reversed === given.amount ? "reversed" : "partially_reversed";
    const made: Reversal = {
      ...entity("rvrsl"),
      entity: "reversal",
      transfer_id: given.id,
      amount: amount as number,
      currency: "INR",
      notes,
    };
    reversals.push(made);
    return made;
  }

  /** Lines of a day in India. */
  function settledOn(query: URLSearchParams): Entity[] {
    const [year, month, day] = ["year", "month", "day"].map((name) => query.get(name) ?? "");
    check(
      /^\d{4}$/.test(year ?? "") && /^\d{1,2}$/.test(month ?? ""),
      "The year and month fields are required.",
    );
    const dateOf = (at: number) => new Date((at + 19_800) * 1000).toISOString().slice(0, 10);
    const wanted = [year, month?.padStart(2, "0"), day?.padStart(2, "0")].join("-");
    return settled
      .filter(({ settled_at }) => dateOf(settled_at) === wanted)
      .map((line) => ({ ...line, id: line.entity_id, created_at: line.settled_at }));
  }

  /** Pays out what was captured and refunded since the last time. Returns the settlement's id. */
  function settle(): string {
    const { id, created_at } = entity("setl");
    const isNew = ({ id: entityId }: Entity) => !settled.some(({ entity_id }) => entity_id === entityId);
    const about = {
      settlement_id: id,
      settled_at: created_at,
      settled: true,
      on_hold: false,
      currency: "INR",
    };
    for (const payment of payments.filter((each) => each.captured && isNew(each))) {
      const { amount, fee, tax, order_id } = payment;
      const credit = amount - Number(fee);
      settled.push({
        ...about,
        type: "payment",
        entity_id: payment.id,
        amount,
        fee,
        tax,
        debit: 0,
        credit,
        order_id,
      });
    }
    for (const refund of refunds.filter((each) => each.status === "processed" && isNew(each))) {
      const { amount, payment_id } = refund;
      const { order_id } = find(payments, payment_id);
      const sums = { amount, fee: 0, tax: 0, debit: amount, credit: 0 };
      settled.push({ ...about, ...sums, type: "refund", entity_id: refund.id, payment_id, order_id });
    }
    return id;
  }

  function perform(request: VendorRequest): VendorAnswer {
    try {
      const authorization = `Basic ${Buffer.from(`${razorpayKeys.keyId}:${razorpayKeys.keySecret}`).toString("base64")}`;
      if (request.headers.authorization !== authorization) return fault(401, "Authentication failed");
      return { status: 200, body: route(request) };
    } catch (error) {
      if (error instanceof Refused) return fault(400, error.message);
      throw error;
    }
  }

  function route({ method, path, query, body: sent }: VendorRequest): object {
    const [noun, id, verb] = path;
    const body: Record<string, unknown> = sent ? JSON.parse(sent) : {};
    const pages = (all: Entity[]) => page(all, query);
    const of = <Item>(all: Item[], name: keyof Item) => all.filter((each) => each[name] === id);
    switch (`${method} ${noun}${id ? "/:id" : ""}${verb ? `/${verb}` : ""}`) {
      case "POST orders":
        return shown(createOrder(body));
      case "GET orders":
        // "Retrieves the orders that contain the provided value for receipt."
        return pages(orders.filter(({ receipt }) => (receipt ?? "").includes(query.get("receipt") ?? "")));
      case "GET orders/:id":
        return shown(find(orders, id));
      case "GET orders/:id/payments":
        return collection(of(payments, "order_id"), find(orders, id));
      case "GET payments":
        return pages(payments);
      case "GET payments/:id":
        return find(payments, id);
      case "POST payments/:id/capture":
        return capture(find(payments, id), body);
      case "POST payments/:id/refund":
        return refund(find(payments, id), body);
      case "GET payments/:id/refunds":
        return find(payments, id) && pages(of(refunds, "payment_id"));
      case "POST payments/:id/transfers":
        return transfer(find(payments, id), body);
      case "GET payments/:id/transfers":
        return collection(of(transfers, "source"), find(payments, id));
      case "GET refunds":
        return pages(refunds);
      case "GET disputes":
        return pages(disputes);
      case "GET settlements/:id/combined":
        check(id === "recon", "The requested URL was not found on the server.");
        return page(settledOn(query), query);
      case "GET transfers/:id":
        return find(transfers, id);
      case "POST transfers/:id/reversals":
        return reverse(find(transfers, id), body);
      case "GET transfers/:id/reversals":
        return collection(of(reversals, "transfer_id"), find(transfers, id));
      default:
        throw new Refused("The requested URL was not found on the server.");
    }
  }

  const keyOf = ({ headers, path }: VendorRequest) =>
    path[2] === "refund" ? headers["x-refund-idempotency"]?.toString() : undefined;

  const server = await startVendorServer({
    perform,
    replay(request) {
      const key = keyOf(request);
      if (key === undefined) return undefined;
      if (!/^[\w-]{10,}$/.test(key)) return fault(400, "The idempotency key is invalid");
      const known = refundKeys.get(key);
      if (known && known.body !== request.body) {
        return fault(400, "Different request with the same idempotency key has already been processed.");
      }
      return known?.answer;
    },
    remember(request, _answer, right) {
      const key = keyOf(request);
      if (key && right.status === 200) refundKeys.set(key, { body: request.body, answer: right });
    },
    failure: {
      status: 500,
      body: { error: { code: "SERVER_ERROR", description: "We are facing some trouble", reason: null } },
    },
    tooMany: fault(429, "Request rate limit exceeded"),
  });

  function deliver(event: string, orderId: string, entities: Record<string, object>): void {
    const payload = Object.fromEntries(
      Object.entries(entities).map(([name, value]) => [name, { entity: value }]),
    );
    const contains = Object.keys(entities);
    const order = event === "order.paid" ? { order: { entity: shown(find(orders, orderId)) } } : {};
    const body = Buffer.from(
      JSON.stringify({ entity: "event", event, contains, payload: { ...payload, ...order } }),
    );
    const signature = createHmac("sha256", razorpayKeys.webhookSecret).update(body).digest("hex");
    deliveries.push({
      body,
      headers: { "x-razorpay-signature": signature, "x-razorpay-event-id": randomUUID() },
    });
  }

  /** The payer tries to pay: as the order says, or as the test does. Returns the payment's id. */
  function pay(orderId: string, how: { state?: "created" | "authorized" | "failed"; amount?: number } = {}) {
    const order = find(orders, orderId);
    const state = how.state ?? "authorized";
    const isFailed = state === "failed";
    const payment: Payment = {
      ...entity("pay"),
      entity: "payment",
      amount: how.amount ?? order.amount,
      currency: "INR",
      status: state,
      order_id: orderId,
      method: "upi",
      captured: false,
      amount_refunded: 0,
      fee: null,
      tax: null,
      error_code: isFailed ? "BAD_REQUEST_ERROR" : null,
      error_description: isFailed ? "Payment was declined by the bank" : null,
      error_reason: isFailed ? "payment_declined" : null,
    };
    payments.push(payment);
    if (order.status === "created") order.status = "attempted";
    if (!how.state && order.capture === "automatic") setCaptured(payment);
    deliver(`payment.${payment.status}`, orderId, { payment });
    if (payment.captured) deliver("order.paid", orderId, { payment });
    return payment.id;
  }

  return {
    ...server,
    address: `http://127.0.0.1:${server.port}/v1`,
    deliveries,
    pay,
    /** Razorpay gives back what was not captured in time. */
    letGo(paymentId: string) {
      const payment = Object.assign(find(payments, paymentId), { status: "refunded" as const });
      const made: Refund = {
        ...entity("rfnd"),
        amount: payment.amount,
        currency: "INR",
        payment_id: paymentId,
        notes: [],
        status: "processed",
      };
      refunds.push(made);
      deliver("refund.processed", payment.order_id, { payment, refund: made });
    },
    finishRefund(refundId: string, status: "processed" | "failed") {
      const made = Object.assign(find(refunds, refundId), { status });
      const payment = find(payments, made.payment_id);
      if (status === "failed")
        Object.assign(payment, {
          amount_refunded: payment.amount_refunded - made.amount,
          status: "captured",
        });
      deliver(`refund.${status}`, payment.order_id, { payment, refund: made });
    },
    finishTransfer: (id: string, status: Transfer["status"]) =>
      Object.assign(find(transfers, id), { status }),
    dispute(paymentId: string, status: Dispute["status"]) {
      const known = disputes.find(({ payment_id }) => payment_id === paymentId);
      const made = known ?? { ...entity("disp"), payment_id: paymentId, amount_deducted: 0, status };
      if (!known) disputes.push(made);
      made.status = status;
      const payment = find(payments, paymentId);
      deliver(`payment.dispute.${known ? status : "created"}`, payment.order_id, { payment, dispute: made });
    },
    /** Of another product of the same account. */
    createForeignOrder: ({
      currency = "INR",
      receipt = null,
    }: {
      currency?: string;
      receipt?: string | null;
    }) =>
      void orders.push({
        ...entity("order"),
        amount: 1000,
        currency,
        receipt,
        status: "created",
        capture: "automatic",
      }),
    settle,
    /** The fee that was kept in the end. */
    changeFee: (paymentId: string, fee: number, where: "in the settlement" | "in the payment") =>
      void Object.assign(
        where === "in the payment"
          ? find(payments, paymentId)
          : (settled.find(({ entity_id }) => entity_id === paymentId) ?? {}),
        { fee },
      ),
    orders: () => orders.map(shown),
    refundsOf: (paymentId: string) => refunds.filter(({ payment_id }) => payment_id === paymentId),
    transfers: () => transfers,
    reversals: () => reversals,
  };
}

function shown({ capture: _, ...order }: Order): Entity {
  return order as Entity;
}

function fault(status: number, description: string): VendorAnswer {
  return {
    status,
    body: {
      error: { code: "BAD_REQUEST_ERROR", description, source: "NA", step: "NA", reason: "NA", metadata: {} },
    },
  };
}

function check(isRight: unknown, message: string): asserts isRight {
  if (!isRight) throw new Refused(message);
}

function only(given: object, known: string[]): void {
  const other = Object.keys(given).filter((name) => !known.includes(name));
  check(other.length === 0, `${other.join(", ")} is/are not required and should not be sent`);
}

function checkNotes(notes: unknown): void {
  const values = Object.values(notes as object);
  check(
    values.length <= 15 && values.every((value) => String(value).length <= 256),
    "notes: too many or too long",
  );
}

function captureOf({
  capture = "automatic",
  capture_options: options = {},
  ...rest
}: Record<string, unknown>): "automatic" | "manual" {
  only(rest, []);
  check(capture === "automatic" || capture === "manual", "The selected capture is invalid.");
  const {
    automatic_expiry_period: automatic,
    manual_expiry_period: manual = 7200,
    refund_speed,
    ...others
  } = options as Record<string, unknown>;
  only(others, []);
  check(refund_speed === "normal" || refund_speed === "optimum", "The refund speed field is required.");
  if (capture === "automatic")
    check(isMinor(automatic) && automatic >= 12, "The automatic expiry period must be at least 12.");
  check(
    isMinor(manual) && manual >= Number(automatic ?? 12) && manual <= 7200,
    "The manual expiry period is invalid.",
  );
  return capture;
}

function isMinor(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function find<Item extends Entity>(items: Item[], id: string | undefined): Item {
  const found = items.find((item) => item.id === id);
  check(found, "The id provided does not exist");
  return found;
}

function sum(items: { amount: number }[]): number {
  return items.reduce((total, { amount }) => total + amount, 0);
}

function feeOf(amount: number): object {
  const fee = Math.round(amount * 0.0236);
  return { fee, tax: Math.round((fee * 18) / 118) };
}

/** @param _of must exist */
function collection(items: object[], _of: object): object {
  return { entity: "collection", count: items.length, items };
}

/** Newest first, ten at a time unless the query says more. */
function page(all: Entity[], query: URLSearchParams): object {
  const [count, skip] = [Number(query.get("count") ?? 10), Number(query.get("skip") ?? 0)];
  check(count >= 1 && count <= 100, "The count may not be greater than 100.");
  const from = Number(query.get("from") ?? 0);
  const to = Number(query.get("to") ?? Number.POSITIVE_INFINITY);
  const within = all.filter(({ created_at }) => created_at >= from && created_at <= to).reverse();
  return collection(
    within.slice(skip, skip + count).map(({ capture: _, ...each }) => each),
    all,
  );
}
