import { type ZoneRules, zoneAnswer, zoneQuery } from "#contract/timeZones.ts";
import { isTimeZone } from "#scheduling/zonedTime.ts";
import { zoneTable } from "#scheduling/zoneTable.ts";
import { anyone } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";

/** Of the present year: the oldest sessions that a page shows, and the farthest day that can be booked (730 days). */
const yearsBack = 2;
const yearsAhead = 4;

/** The rules that this installation computes with (docs/decisions/0033), for clients that bring others. */
export async function timeZoneRoutes(app: TypedApp, { now }: Pick<Dependencies, "now">): Promise<void> {
  app.get("/time-zones", {
    schema: {
      tags: ["Time zones"],
      summary: "By which rules the server reads the clocks of zones",
      description:
        "For clients whose own rules may be older: what is offered and booked goes by these. A name of no zone is an answer " +
        "and no error.",
      querystring: zoneQuery,
      response: { 200: zoneAnswer, ...problemResponses(422, 429) },
    },
    preHandler: anyone,
    handler: async (request, reply) => {
      const { names } = request.query;
      const year = new Date(now()).getUTCFullYear();
      const [from, until] = [Date.UTC(year - yearsBack, 0, 1), Date.UTC(year + yearsAhead, 0, 1)];
      // Rules change a few times a year, and pages ask with every visit.
      reply.header("cache-control", "public, max-age=600");
      return {
        until: new Date(until).toISOString(),
        data: names.filter(isTimeZone).map((name) => rulesOf(name, from, until)),
        unknown: names.filter((name) => !isTimeZone(name)),
      };
    },
  });
}

function rulesOf(timezone: string, from: number, until: number): ZoneRules {
  const { changes, offsets } = zoneTable(timezone, from, until);
  const periods = offsets.flatMap((offset, index) => {
    const [start, end] = [changes[index - 1] ?? from, changes[index] ?? until];
    if (end <= from || start >= until) return [];
    return [{ from: new Date(Math.max(start, from)).toISOString(), utc_offset: Math.round(offset / 60_000) }];
  });
  return { timezone, periods };
}
