import { booking, idempotencyHeaders } from "#contract/bookings.ts";
import { mentorParams } from "#contract/mentors.ts";
import { deleted } from "#contract/primitives.ts";
import {
  acceptWaitlistOffer,
  joinWaitlist as joinWaitlistInput,
  mentorWaitlist,
  useWaitlistLink,
  waitlist,
  waitlistEntry,
  waitlistEntryParams,
  waitlistLinkUsed,
  waitlistOfferParams,
} from "#contract/waitlist.ts";
import { waitlistLinks } from "../mail/waitlistLink.ts";
import { findMentorId } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { idempotentRequest } from "../platform/idempotency.ts";
import { limitTo } from "../platform/limits/limits.ts";
import type { OriginOf } from "../platform/limits/origin.ts";
import { acceptOffer } from "./acceptOffer.ts";
import { joinWaitlist, leaveWaitlist, passOffer } from "./commands.ts";
import { listQueues, listWaitlist } from "./queries.ts";

const tags = ["Waitlist"];
const reason = "places in a queue depend on others in it";

/** Queues for time that is not free, and the private offers of what became free. */
export async function waitlistRoutes(
  app: TypedApp,
  dependencies: Dependencies & { originOf: OriginOf; secret: string },
): Promise<void> {
  const { database } = dependencies;
  queueRoutes(app, dependencies);
  offerRoutes(app, dependencies);

  app.get("/mentors/me/waitlist", {
    schema: {
      tags,
      summary: "Who waits for my time, in the order in which they are asked",
      response: { 200: mentorWaitlist, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => ({
      data: await database.asSystem(reason, caller.id, (tx) => listQueues(tx.last, caller.id)),
    }),
  });

  const links = waitlistLinks(dependencies.secret);
  app.post("/waitlist-links", {
    schema: {
      tags,
      summary: "Leave a queue, or pass an offer, by the link in a mail",
      body: useWaitlistLink,
      response: { 200: waitlistLinkUsed, ...problemResponses(404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "unsubscribe"),
    preHandler: anyone,
    handler: async ({ body }) => {
      const claims = links.verify(body.token);
      if (!claims) throw new Refusal("not_found");
      const { action, id, userId } = claims;
      await (action === "leave" ? leaveWaitlist : passOffer)(database, { id: userId }, id);
      return { action };
    },
  });
}

function queueRoutes(app: TypedApp, dependencies: Dependencies): void {
  const { database, now } = dependencies;
  app.post("/mentors/:mentor/waitlist", {
    schema: {
      tags,
      summary: "Join the waitlist for a time, for days, or for a group session",
      params: mentorParams,
      body: joinWaitlistInput,
      response: { 201: waitlistEntry, ...problemResponses(401, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "waitlist"),
    preHandler: signedIn,
    handler: async ({ caller, params, body }, reply) => {
      const mentorId = await findMentorId(database.public, params.mentor);
      return reply.status(201).send(await joinWaitlist(dependencies, caller, mentorId, body));
    },
  });

  app.get("/waitlist", {
    schema: {
      tags,
      summary: "What I wait for, and what is offered to me",
      response: { 200: waitlist, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => ({
      data: await database.asSystem(reason, caller.id, (tx) => listWaitlist(tx.last, caller.id, now())),
    }),
  });

  app.delete("/waitlist/:waitlist_entry_id", {
    schema: {
      tags,
      summary: "Leave a queue",
      params: waitlistEntryParams,
      response: { 204: deleted, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }, reply) => {
      await leaveWaitlist(database, caller, params.waitlist_entry_id);
      return reply.status(204).send(null);
    },
  });
}

function offerRoutes(app: TypedApp, dependencies: Dependencies & { originOf: OriginOf }): void {
  const { database } = dependencies;
  app.post("/waitlist-offers/:waitlist_offer_id/accept", {
    schema: {
      tags,
      summary: "Book what is offered to me",
      headers: idempotencyHeaders,
      params: waitlistOfferParams,
      body: acceptWaitlistOffer,
      response: { 201: booking, ...problemResponses(401, 403, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "book", "book-address"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller, params, body } = request;
      const id = params.waitlist_offer_id;
      const route = `POST /waitlist-offers/${id}/accept`;
      const key = idempotentRequest(request.headers["idempotency-key"], route, body);
      const made = await acceptOffer(dependencies, caller, id, body, key, dependencies.originOf(request));
      return reply.status(201).send(made);
    },
  });

  app.post("/waitlist-offers/:waitlist_offer_id/pass", {
    schema: {
      tags,
      summary: "Let the next in the queue have what is offered to me",
      params: waitlistOfferParams,
      response: { 204: deleted, ...problemResponses(401, 404, 409) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }, reply) => {
      await passOffer(database, caller, params.waitlist_offer_id);
      return reply.status(204).send(null);
    },
  });
}
