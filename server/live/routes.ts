import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { liveQuery } from "#contract/live.ts";
import { mentorParams } from "#contract/mentors.ts";
import { openStreams } from "#rules/rateLimits.ts";
import { findMentorId } from "../mentors/queries.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import type { Identities } from "../platform/http/identity.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { addressOf, limitTo } from "../platform/limits/limits.ts";
import { type EventStream, openEventStream } from "../platform/live/eventStream.ts";
import type { Channel, LiveFeed } from "../platform/live/feed.ts";
import { openSessionStreams } from "../platform/live/sessionStreams.ts";

const tags = ["Live"];

/** Something to hear of, and what is said about it. */
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

/** Streams that say that something has changed, not what: the page asks again. */
export async function liveRoutes(
  app: TypedApp,
  { database, identities, feed }: Dependencies & { identities: Identities; feed: LiveFeed },
): Promise<void> {
  const ofSessions = openSessionStreams({ identities, feed, log: app.log });
  const open = new Set<EventStream>();
  const perAddress = new Map<string, number>();
  // Before the server closes: it would wait for these answers to end.
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
    // Whoever was here before may have missed something.
    if (request.headers["last-event-id"]) for (const { say } of subjects) say(following, "everything");
    return following;
  }

  app.get("/mentors/:mentor/events", {
    exposeHeadRoute: false,
    config: { load: "stays open" },
    schema: {
      tags,
      summary: "Says when the times a mentor offers have changed",
      description:
        "Server-Sent Events: `availability`, without a word about what changed; ask for the slots again. Comments keep the connection open; it ends now and then and should be opened again.",
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
      summary: "Says when something of one's own has changed",
      description:
        'Server-Sent Events: `change` with `{ "about": "bookings" | "requests" | "notifications" | "everything" }`. The stream ends at once with the session that opened it.',
      querystring: z.object({
        for: z.uuid().optional().describe("As the header For-User, which a browser cannot send."),
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
      ofSessions.add(caller.sessionId, following, reply);
      return reply;
    },
  });

  app.get("/events", {
    exposeHeadRoute: false,
    config: { load: "stays open" },
    schema: {
      tags,
      summary: "All that the windows of one browser want to hear of, in one stream",
      description:
        'Server-Sent Events of both kinds: `availability` with `mentor_id`, and `change` as in `/me/events`. `change` with `{ "about": "session" }` says that `for` is not, or no longer, who is signed in; nothing else is said about him then.',
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
      if (isCaller) ofSessions.add(caller.sessionId, following, reply);
      else if (person !== undefined) following.send("change", JSON.stringify({ about: "session" }));
      return reply;
    },
  });
}
