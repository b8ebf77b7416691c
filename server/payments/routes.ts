import type { FastifyInstance, FastifyRequest } from "fastify";
import { bookingLinkHeaders, bookingParams } from "#contract/bookings.ts";
import {
  checkout,
  type Payment,
  payment,
  paymentPage,
  paymentQuery,
  webhookParams,
  webhookReceived,
} from "#contract/payments.ts";
import type { BookingLinks } from "../bookings/bookingLink.ts";
import { partyOrLink } from "../bookings/party.ts";
import { findBookingKey } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { openCheckout } from "./checkout.ts";
import type { PaymentProvider } from "./provider.ts";
import { findPayment, listPayments } from "./queries.ts";
import { refreshPayment } from "./settle.ts";

type PaymentDependencies = Dependencies & { links: BookingLinks; provider: PaymentProvider | null };

const tags = ["Payments"];
/** A webhook's body; a real one has a few kB. */
const webhookBodyLimit = 256 * 1024;

/** What the two parties of a booking do with its payment, and where providers report. */
export async function paymentRoutes(app: TypedApp, dependencies: PaymentDependencies): Promise<void> {
  const preHandler = partyOrLink(dependencies);
  const { database, provider } = dependencies;
  const shared = { params: bookingParams, headers: bookingLinkHeaders };

  app.get("/payments", {
    schema: {
      tags,
      summary: "List your own payments, latest first",
      querystring: paymentQuery,
      response: { 200: paymentPage, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: (request) => {
      const { id } = request.caller;
      return database.asUser(id, (tx) => listPayments(tx, id, request.query));
    },
  });

  app.get("/bookings/:booking_id/payment", {
    schema: {
      tags,
      summary: "The payment of a booking",
      ...shared,
      response: { 200: payment, ...problemResponses(401, 404) },
    },
    preHandler,
    handler: (request) => read(request),
  });

  app.post("/bookings/:booking_id/payment/checkout", {
    schema: {
      tags,
      summary: "Begin or continue to pay for a booking",
      description: "Creates the provider's order for exactly the booking's price, once.",
      ...shared,
      response: { 200: checkout, ...problemResponses(401, 404, 409, 429, 503) },
    },
    onRequest: limitTo(app, "payments"),
    preHandler,
    handler: async (request) => {
      const key = await findOwn(request);
      return openCheckout({ database, provider }, key);
    },
  });

  app.post("/bookings/:booking_id/payment/refresh", {
    schema: {
      tags,
      summary: "Ask the provider what has become of a payment",
      description:
        "Its answer is applied before the response: a payment that has arrived confirms the booking.",
      ...shared,
      response: { 200: payment, ...problemResponses(401, 404, 429, 503) },
    },
    onRequest: limitTo(app, "payments"),
    preHandler,
    handler: async (request) => {
      const key = await findKey(request);
      await refreshPayment({ database, provider }, key);
      return read(request);
    },
  });

  app.post("/bookings/:booking_id/payment/more-time", {
    schema: {
      tags,
      summary: "Hold the time five minutes longer, once",
      ...shared,
      response: { 200: payment, ...problemResponses(401, 404, 409, 429) },
    },
    onRequest: limitTo(app, "payments"),
    preHandler,
    handler: async (request) => {
      const { mentorId } = await findOwn(request);
      await database.asSystem("a hold is in the ledger of taken time", request.party.id, ({ last }) =>
        last.client.query("select private.extend_hold($1, $2, $3)", [
          request.party.id,
          mentorId,
          bookingOf(request),
        ]),
      );
      return read(request);
    },
  });

  await app.register(async (scope) => webhookRoutes(scope as TypedApp, dependencies));

  async function read(request: FastifyRequest): Promise<Payment> {
    const found = await database.asUser(request.party.id, (tx) => findPayment(tx.last, bookingOf(request)));
    if (!found) throw new Refusal("payment_not_found");
    return found;
  }

  async function findKey(request: FastifyRequest) {
    const found = await database.asUser(request.party.id, async (tx) => {
      const key = await findBookingKey(tx, bookingOf(request));
      if (!key) return undefined;
      const { rows } = await tx.last.client.query<{ id: string; expert_id: string; user_id: string }>(
        // What is booked together is paid together: the order is the basket's.
        `select coalesce(whole.id, p.id) as id, p.expert_id, p.user_id
         from payments p left join payments whole
           on whole.basket_id = p.basket_id and whole.expert_id = p.expert_id and whole.booking_id is null
         where p.booking_id = $1 and p.expert_id = $2`,
        [key.id, key.expert_id],
      );
      return rows[0];
    });
    if (!found) throw new Refusal("payment_not_found");
    return { mentorId: found.expert_id, paymentId: found.id, studentId: found.user_id };
  }

  /** @throws Refusal `forbidden` for the mentor: students pay */
  async function findOwn(request: FastifyRequest) {
    const key = await findKey(request);
    if (key.studentId !== request.party.id) throw new Refusal("forbidden");
    return key;
  }
}

function bookingOf({ params }: FastifyRequest): string {
  return (params as { booking_id: string }).booking_id;
}

/** Nothing is believed of a webhook but that something happened to an order: it is stored, and a job asks the provider. */
async function webhookRoutes(app: TypedApp, { database, provider, now }: PaymentDependencies): Promise<void> {
  acceptBytes(app);
  app.post("/webhooks/:provider", {
    schema: {
      tags,
      summary: "Where payment providers report",
      description: "The body must be signed in the provider’s way.",
      params: webhookParams,
      response: { 200: webhookReceived, ...problemResponses(400, 404, 413, 429) },
    },
    bodyLimit: webhookBodyLimit,
    onRequest: limitTo(app, "webhooks"),
    preHandler: anyone,
    handler: async (request) => {
      if (provider?.name !== request.params.provider) throw new Refusal("not_found");
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const verdict = provider.readWebhook({ body, headers: request.headers, receivedAt: now() });
      const { eventId, type, orderId } =
        verdict.kind === "genuine" ? verdict : { eventId: null, type: null, orderId: null };
      await database.commands.query({
        name: "receive_payment_event",
        text: "select private.receive_payment_event($1, $2, $3, $4, $5, $6)",
        values: [
          provider.name,
          eventId,
          type,
          orderId,
          verdict.kind === "genuine" ? "genuine" : verdict.why,
          body,
        ],
      });
      if (verdict.kind === "refused") throw new Refusal("webhook_refused");
      return { received: true };
    },
  });
}

/** A signature is over the bytes as they came. */
function acceptBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}
