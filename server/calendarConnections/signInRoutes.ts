import type { FastifyReply } from "fastify";
import { z } from "zod";
import { calendarSignInQuery } from "#contract/calendarConnections.ts";
import { calendarVendors } from "#rules/calendarSignIn.ts";
import { anyone } from "../platform/http/authority.ts";
import type { Identity } from "../platform/http/identity.ts";
import { problemResponses, type TypedApp } from "../platform/http/route.ts";
import { type CalendarSignIn, signInLastsMs } from "./signIn.ts";

const tags = ["Calendar"];
const path = "/me/calendar-connections/:vendor";
const params = z.object({ vendor: z.enum(calendarVendors) });
const moved = z.null().describe("A redirect.");
const accountPage = "/account#calendars";
const cookieName = "matepeak.calendar_sign_in";

/** Addresses that a browser opens, to connect calendars of vendors at which people sign in. */
export async function calendarSignInRoutes(
  app: TypedApp,
  { signIn, https }: { signIn: CalendarSignIn; https: boolean },
): Promise<void> {
  const cookie = {
    path: "/api/v1/me/calendar-connections",
    httpOnly: true,
    // Sent when the vendor's page leads back, and with no request that another page makes.
    sameSite: "lax",
    secure: https,
  } as const;

  const count = (reply: FastifyReply, { id }: Identity) =>
    app.limits.count(reply, { name: "calendar-connection", key: id });

  app.get(`${path}/start`, {
    schema: {
      tags,
      summary: "Sign in at Google or Microsoft to connect calendars",
      description:
        "A page to open in a browser: it leads to the vendor, which leads back to the account page. Without a login it leads to the page to sign in. What a connection may do already is asked for again.",
      params,
      querystring: calendarSignInQuery,
      response: { 302: moved, ...problemResponses(404, 422, 429) },
    },
    preHandler: anyone,
    handler: async (request, reply) => {
      const identity = await request.identity();
      if (!identity) return reply.redirect(`/sign-in?${new URLSearchParams({ next: accountPage })}`, 302);
      await count(reply, identity);
      const { vendor } = request.params;
      const { connection_id: connectionId = null, permission } = request.query;
      const { url, kept } = await signIn.begin(vendor, identity, { connectionId, permission });
      return reply
        .setCookie(cookieName, kept, { ...cookie, maxAge: signInLastsMs / 1000 })
        .redirect(url, 302);
    },
  });

  app.get(`${path}/callback`, {
    schema: {
      tags,
      summary: "Return from Google or Microsoft",
      description:
        "Connects the calendars if the browser is the one that has asked, with the same login. Leads to the account page, whose query says how it ended.",
      params,
      response: { 302: moved, ...problemResponses(422, 429) },
    },
    // It leads to the account page, which asks visitors to sign in.
    preHandler: anyone,
    handler: async (request, reply) => {
      const { vendor } = request.params;
      const identity = await request.identity();
      if (identity) await count(reply, identity);
      const { search } = new URL(request.url, "http://localhost");
      const kept = request.cookies[cookieName] ?? "";
      const { result, missing = [] } = await signIn.end(vendor, identity, kept, search);
      const query = new URLSearchParams({ calendars: result, vendor });
      if (missing.length > 0) query.set("missing", missing.join(" "));
      return reply.clearCookie(cookieName, cookie).redirect(`/account?${query}#calendars`, 302);
    },
  });
}
