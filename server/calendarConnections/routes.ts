import { z } from "zod";
import {
  calendarConnection,
  calendarConnectionList,
  calendarTest,
  createCalendarConnection,
  ownBusyTimes,
  ownBusyTimesQuery,
  updateCalendarConnection,
  updateConnectedCalendar,
} from "#contract/calendarConnections.ts";
import { deleted, uuid } from "#contract/primitives.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import {
  changeConnection,
  chooseCalendar,
  connect,
  disconnect,
  syncNow,
  testConnection,
} from "./commands.ts";
import type { Connecting } from "./connectionKinds.ts";
import { readConnections, readOwnBusyTimes } from "./queries.ts";
import type { Syncing } from "./sync.ts";

const tags = ["Calendar"];
const path = "/me/calendar-connections";
const params = z.object({ connection_id: uuid });

/** A person's calendars elsewhere. */
export async function calendarConnectionRoutes(
  app: TypedApp,
  { database, now, metrics, connecting }: Dependencies & { metrics: Metrics; connecting: Connecting },
): Promise<void> {
  const syncing: Syncing = {
    database,
    now,
    ...connecting,
    metrics,
    onFault: (err, connection) => app.log.error({ err, connection }, "The calendar connection was not read"),
  };
  const { staleMinutes } = connecting;
  const limit = limitTo(app, "calendar-connection");

  app.get(path, {
    schema: {
      tags,
      summary: "List my calendar connections",
      response: { 200: calendarConnectionList, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => {
      const data = await database.asUser(caller.id, (tx) =>
        readConnections(tx, { now: now(), staleMinutes }),
      );
      const offers = {
        google: connecting.providers.google !== undefined,
        microsoft: connecting.providers.microsoft !== undefined,
      };
      return { data, offers, stale_minutes: staleMinutes };
    },
  });

  app.post(path, {
    schema: {
      tags,
      summary: "Connect a CalDAV server or a feed",
      description: "The login is tried first. Busy times are read right after.",
      body: createCalendarConnection,
      response: { 201: calendarConnection, ...problemResponses(401, 409, 422, 429) },
    },
    onRequest: limit,
    preHandler: signedIn,
    handler: async (request, reply) =>
      reply.status(201).send(await connect(syncing, request.caller.id, request.body)),
  });

  app.post(`${path}/test`, {
    schema: {
      tags,
      summary: "Test a login or an address without connecting",
      body: createCalendarConnection,
      response: { 200: calendarTest, ...problemResponses(401, 422, 429) },
    },
    onRequest: limit,
    preHandler: signedIn,
    handler: async (request) => testConnection(syncing, request.body),
  });

  app.patch(`${path}/:connection_id`, {
    schema: {
      tags,
      summary: "Change one of my calendar connections",
      description: "A new password or address is tried first.",
      params,
      body: updateCalendarConnection,
      response: { 200: calendarConnection, ...problemResponses(401, 404, 422, 429) },
    },
    onRequest: limit,
    preHandler: signedIn,
    handler: async ({ caller, params: { connection_id }, body }) =>
      changeConnection(syncing, caller.id, connection_id, body),
  });

  app.delete(`${path}/:connection_id`, {
    schema: {
      tags,
      summary: "Disconnect, and delete all that was read",
      params,
      response: { 204: deleted, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      await disconnect(syncing, request.caller.id, request.params.connection_id);
      return reply.status(204).send(null);
    },
  });

  app.post(`${path}/:connection_id/sync`, {
    schema: {
      tags,
      summary: "Read one of my calendar connections now",
      description: "Responds when it is read, or after ten seconds.",
      params,
      response: { 200: calendarConnection, ...problemResponses(401, 404, 429) },
    },
    onRequest: limit,
    preHandler: signedIn,
    handler: async ({ caller, params: { connection_id } }) => syncNow(syncing, caller.id, connection_id),
  });

  app.patch("/me/connected-calendars/:calendar_id", {
    schema: {
      tags,
      summary: "Choose what one of my calendars is for",
      params: z.object({ calendar_id: uuid }),
      body: updateConnectedCalendar,
      response: { 200: calendarConnection, ...problemResponses(401, 404, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params: { calendar_id }, body }) =>
      chooseCalendar(syncing, caller.id, calendar_id, body),
  });

  app.get("/me/busy-times", {
    schema: {
      tags,
      summary: "List when I am busy by my connected calendars",
      querystring: ownBusyTimesQuery,
      response: { 200: ownBusyTimes, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, query }) => ({
      data: await database.asUser(caller.id, (tx) => readOwnBusyTimes(tx, query)),
    }),
  });
}
