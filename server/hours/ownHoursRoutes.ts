import {
  createTimezonePeriod,
  ifMatchHeaders,
  savedTimezonePeriod,
  timezonePeriodList,
  timezonePeriodParams,
} from "#contract/hours.ts";
import {
  dayExplanation,
  explanationQuery,
  type HoursPreview,
  hoursPreview,
  ownHours,
  previewHours as previewHoursInput,
} from "#contract/ownHours.ts";
import { deleted } from "#contract/primitives.ts";
import { signedIn } from "../platform/http/authority.ts";
import { etagOf } from "../platform/http/etag.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { chargeForSize, limitTo } from "../platform/limits/limits.ts";
import { addPeriod, removePeriod } from "./commands.ts";
import { explainDay } from "./explainDay.ts";
import { previewHours } from "./previewHours.ts";
import { listOwnPeriods, readOwnHours, withRevision } from "./queries.ts";

/** The mentor's own view of the hours, and travel periods. */
export async function ownHoursRoutes(app: TypedApp, dependencies: Dependencies): Promise<void> {
  const { database, now } = dependencies;
  const tags = ["Hours"];
  const limit = limitTo(app, "hours");
  const own = limitTo(app, "own");

  app.get("/mentors/me/hours", {
    schema: {
      tags,
      summary: "Get all my hours, of one revision",
      response: { 200: ownHours, ...problemResponses(401, 403) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      const hours = await readOwnHours(database, caller.id, now());
      reply.header("etag", etagOf(hours.hours_revision));
      return hours;
    },
  });

  app.post("/availability/preview", {
    schema: {
      tags,
      summary: "Preview what students would be offered with other hours",
      body: previewHoursInput,
      response: { 200: hoursPreview, ...problemResponses(401, 403, 404, 409, 422, 429) },
    },
    onRequest: limit,
    preHandler: signedIn,
    handler: async (request) => {
      const preview = await previewHours(dependencies, request.caller, request.body);
      await chargeForSize(request, "hours", approximateLength(preview));
      return preview;
    },
  });

  app.get("/mentors/me/explanation", {
    schema: {
      tags,
      summary: "Explain what one of my days offers",
      querystring: explanationQuery,
      response: { 200: dayExplanation, ...problemResponses(401, 403, 404, 422, 429) },
    },
    onRequest: limit,
    preHandler: signedIn,
    handler: async (request) => explainDay(dependencies, request.caller, request.query),
  });

  app.get("/timezone-periods", {
    schema: {
      tags,
      summary: "List my travel periods",
      response: { 200: timezonePeriodList, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { id } = request.caller;
      return database.asUser(id, (tx) => withRevision(tx, id, () => listOwnPeriods(tx, id)));
    },
  });

  app.post("/timezone-periods", {
    schema: {
      tags,
      summary: "Add a travel period",
      headers: ifMatchHeaders,
      body: createTimezonePeriod,
      response: { 201: savedTimezonePeriod, ...problemResponses(401, 403, 409, 412, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      const edit = { caller: request.caller, seen: request.headers["if-match"] };
      const saved = await addPeriod(dependencies, edit, request.body);
      reply.header("etag", etagOf(saved.hours_revision));
      return reply.status(201).send(saved);
    },
  });

  app.delete("/timezone-periods/:timezone_period_id", {
    schema: {
      tags,
      summary: "Delete a travel period",
      params: timezonePeriodParams,
      headers: ifMatchHeaders,
      response: { 204: deleted, ...problemResponses(401, 403, 404, 412, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      const edit = { caller: request.caller, seen: request.headers["if-match"] };
      const { hours_revision } = await removePeriod(dependencies, edit, request.params.timezone_period_id);
      return reply.header("etag", etagOf(hours_revision)).status(204).send(null);
    },
  });
}

/** Of a start in JSON. */
const slotLength = 75;

function approximateLength({ days }: Pick<HoursPreview, "days">): number {
  return days.reduce((length, { slots }) => length + slots.length * slotLength, 0);
}
