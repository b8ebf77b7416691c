import { type ZoneAnswer, type ZoneRules, zoneAnswer, zoneQuery } from "#contract/timeZones.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { isTimeZone } from "#scheduling/zonedTime.ts";
import { zoneTable } from "#scheduling/zoneTable.ts";
import { anyone } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";

/** From the current year: back to the oldest sessions that pages show, ahead to the last bookable day (730 days). */
const yearsBack = 2;
const yearsAhead = 4;

/** The zone rules that this server computes with (docs/decisions/0033), for clients with other rules. */
export async function timeZoneRoutes(app: TypedApp, { now }: Pick<Dependencies, "now">): Promise<void> {
  app.get("/time-zones", {
    schema: {
      tags: ["Time zones"],
      summary: "Get the server's rules of time zones",
      description:
        "For clients whose own rules may be older: times are offered and booked by these rules. Unknown names are listed in " +
        "`unknown`; they are no error.",
      querystring: zoneQuery,
      response: { 200: zoneAnswer, ...problemResponses(422, 429) },
    },
    preHandler: anyone,
    handler: async (request, reply) => {
      const { names } = request.query;
      // Rules change a few times a year, and pages request them on every visit.
      reply.header("cache-control", "public, max-age=600");
      return zonesOf(names, now());
    },
  });
}

/** The rules of time zones for some years around now. */
export function zonesOf(names: readonly string[], now: EpochMs): ZoneAnswer {
  const year = new Date(now).getUTCFullYear();
  const [from, until] = [Date.UTC(year - yearsBack, 0, 1), Date.UTC(year + yearsAhead, 0, 1)];
  return {
    until: new Date(until).toISOString(),
    data: names.filter(isTimeZone).map((name) => rulesOf(name, from, until)),
    unknown: names.filter((name) => !isTimeZone(name)),
  };
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
