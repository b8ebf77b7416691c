import { calendar, calendarQuery } from "#contract/calendar.ts";
import { findOwnProfile } from "../mentors/queries.ts";
import { Refusal } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { readCalendar } from "./queries.ts";

export async function calendarRoutes(app: TypedApp, { database }: Dependencies): Promise<void> {
  app.get("/mentors/me/calendar", {
    schema: {
      tags: ["Calendar"],
      summary: "Get my calendar: hours, days off and sessions",
      description: "Dates on the mentor's clock, at most 62 of them.",
      querystring: calendarQuery,
      response: { 200: calendar, ...problemResponses(401, 403, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return database.asUser(caller.id, async (tx) => {
        if (!(await findOwnProfile(tx, caller.id))) throw new Refusal("not_a_mentor");
        return readCalendar(tx, caller.id, request.query);
      });
    },
  });
}
