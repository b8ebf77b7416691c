import type { FastifyInstance } from "fastify";
import { calendarPushQuery, calendarPushReceived } from "#contract/calendarConnections.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { readNotifications } from "./microsoft/notifications.ts";
import { genuineChannels, receivePushes } from "./pushChannels.ts";

/** Of a report; Graph puts many changes into one. */
const reportLimit = 1024 * 1024;

/** Where providers report that calendars have changed. */
export async function calendarPushRoutes(
  app: TypedApp,
  { database }: Pick<Dependencies, "database">,
): Promise<void> {
  await app.register(async (scope) => {
    acceptBytes(scope);
    googleRoute(scope as TypedApp, database);
    microsoftRoute(scope as TypedApp, database);
  });
}

/** Google says all in headers: https://developers.google.com/workspace/calendar/api/guides/push */
function googleRoute(app: TypedApp, database: Dependencies["database"]): void {
  app.post("/calendar-push/google", {
    schema: {
      tags: ["Calendar"],
      summary: "Where Google reports changes of calendars",
      description:
        "A report must contain the secret of its channel, `X-Goog-Channel-Token`; others have no effect.",
      response: { 202: calendarPushReceived, ...problemResponses(413, 429) },
    },
    onRequest: limitTo(app, "webhooks"),
    preHandler: anyone,
    handler: async ({ headers }, reply) => {
      const header = (name: string) => String(headers[`x-goog-${name}`] ?? "");
      const report = { channel: header("channel-id"), secret: header("channel-token") };
      // The first report of a channel says that it is open.
      if (report.channel !== "" && header("resource-state") !== "sync") {
        await receivePushes(database, [...(await genuineChannels(database, [report]))], "changed");
      }
      return reply.status(202).send({ received: true });
    },
  });
}

function microsoftRoute(app: TypedApp, database: Dependencies["database"]): void {
  app.post("/calendar-push/microsoft", {
    schema: {
      tags: ["Calendar"],
      summary: "Where Microsoft reports changes of calendars",
      description:
        "A report must contain the secret of its subscription; others have no effect. As Microsoft wants it, `validationToken` is repeated as text.",
      querystring: calendarPushQuery,
      response: {
        200: calendarPushQuery.shape.validationToken,
        202: calendarPushReceived,
        ...problemResponses(400, 413, 422, 429),
      },
    },
    bodyLimit: reportLimit,
    onRequest: limitTo(app, "webhooks"),
    preHandler: anyone,
    handler: async ({ body, query: { validationToken } }, reply) => {
      if (validationToken !== undefined) return reply.type("text/plain; charset=utf-8").send(validationToken);
      const reports = readNotifications(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
      if (!reports) throw new Refusal("webhook_refused");
      const genuine = await genuineChannels(database, reports);
      for (const each of ["ended", "renew", "changed"] as const) {
        const channels = reports.filter(({ channel, happened }) => happened === each && genuine.has(channel));
        await receivePushes(database, [...new Set(channels.map(({ channel }) => channel))], each);
      }
      // Also of what has no effect: others would be sent again and again, and learn which subscriptions there are.
      return reply.status(202).send({ received: true });
    },
  });
}

function acceptBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}
