import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { liveQuery } from "#contract/live.ts";
import { mentorParams } from "#contract/mentors.ts";
import { openStreams } from "#rules/rateLimits.ts";
import { findMentorId } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import type { Identities } from "../platform/http/identity.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { addressOf, limitTo } from "../platform/limits/limits.ts";
import { type EventStream, openEventStream } from "../platform/live/eventStream.ts";
import type { Channel, LiveFeed } from "../platform/live/feed.ts";
import { openLoginStreams } from "../platform/live/loginStreams.ts";

const tags = ["Live"];

/** Something to follow, and the event to send when it changes. */
type Subject = { channel: Channel; id: string; say: (stream: EventStream, about: string) => void };

const mentorSubject = (id: string): Subject => ({
  channel: "availability",
  id,
  say: (stream) => stream.send("availability", JSON.stringify({ mentor_id: id })),
});
const personSubject = (id: string): Subject => ({
  channel: "person",
  id,
  say: (stream, about) => stream.send("change", JSON.stringify({ about })),
});

const stream = z.string().describe("Server-Sent Events.");

/** Event streams that say that something has changed, but not what: pages request the data again. */
export async function liveRoutes(
  app: TypedApp,
  { database, identities, feed }: Dependencies & { identities: Identities; feed: LiveFeed },
): Promise<void> {
  const ofLogins = openLoginStreams({ identities, feed, log: app.log });
  const open = new Set<EventStream>();
  const perAddress = new Map<string, number>();
  // Before the server closes, because it would wait for these responses to end.
  app.addHook("preClose", async () => {
    for (const one of open) one.end();
    await feed.close();
  });

  function follow(request: FastifyRequest, reply: FastifyReply, subjects: readonly Subject[]): EventStream {
    const address = addressOf(request);
    const already = perAddress.get(address) ?? 0;
    if (already >= openStreams.perAddress) throw new Refusal("rate_limited");
    if (open.size >= openStreams.inAll) throw new Refusal("overloaded");
    perAddress.set(address, already + 1);
    const following = openEventStream(request, reply, () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
      open.delete(following);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
    });
    const unsubscribes = subjects.map(({ channel, id, say }) =>
      feed.subscribe(channel, id, (about) => say(following, about)),
    );
    open.add(following);
    // A client that reconnects may have missed changes, and a new one those since it fetched its data.
    const isBack = request.headers["last-event-id"] !== undefined;
    for (const { channel, id, say } of subjects)
      if (isBack || feed.hasJustChanged(channel, id)) say(following, "everything");
    return following;
  }

  app.get("/mentors/:mentor/events", {
    exposeHeadRoute: false,
    config: { load: "stays open" },
    schema: {
      tags,
      summary: "Stream changes of a mentor's times",
      description:
        "Server-Sent Events: `availability`, without details; request the slots again. Comments keep the connection open. The stream ends from time to time and should be reopened.",
      params: mentorParams,
      produces: ["text/event-stream"],
      response: { 200: stream, ...problemResponses(404, 429) },
    },
    onRequest: limitTo(app, "live"),
    preHandler: anyone,
    handler: async (request, reply) => {
      const mentorId = await findMentorId(database.public, request.params.mentor);
      follow(request, reply, [mentorSubject(mentorId)]);
      return reply;
    },
  });

  app.get("/me/events", {
    exposeHeadRoute: false,
    config: { load: "stays open" },
    schema: {
      tags,
      summary: "Stream changes of my own data",
      description:
        'Server-Sent Events: `change` with `{ "about": "bookings" | "requests" | "notifications" | "account" | "everything" }`. The stream ends at once with the login that opened it.',
      querystring: z.object({
        for: z.uuid().optional().describe("Like the header For-User, which browsers cannot send here."),
      }),
      produces: ["text/event-stream"],
      response: { 200: stream, ...problemResponses(401, 409, 429) },
    },
    onRequest: limitTo(app, "live"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      if (request.query.for !== undefined && request.query.for !== caller.id)
        throw new Refusal("another_user");
      const following = follow(request, reply, [personSubject(caller.id)]);
      ofLogins.add(caller.loginId, following, reply);
      return reply;
    },
  });

  app.get("/events", {
    exposeHeadRoute: false,
    config: { load: "stays open" },
    schema: {
      tags,
      summary: "Stream the changes that the windows of one browser follow",
      description:
        'Server-Sent Events of both kinds: `availability` with `mentor_id`, and `change` as in `/me/events`. `change` with `{ "about": "session" }` means that `for` is not, or no longer, the signed-in person; no other changes of that person are sent then.',
      querystring: liveQuery,
      produces: ["text/event-stream"],
      response: { 200: stream, ...problemResponses(422, 429) },
    },
    onRequest: limitTo(app, "live"),
    preHandler: anyone,
    handler: async (request, reply) => {
      const { for: person, mentors = [] } = request.query;
      const caller = person === undefined ? null : await request.identity();
      const isCaller = caller !== null && caller.id === person;
      const subjects = [...new Set(mentors)].map(mentorSubject);
      if (isCaller) subjects.push(personSubject(caller.id));
      const following = follow(request, reply, subjects);
      if (isCaller) ofLogins.add(caller.loginId, following, reply);
      else if (person !== undefined) following.send("change", JSON.stringify({ about: "session" }));
      return reply;
    },
  });
}
