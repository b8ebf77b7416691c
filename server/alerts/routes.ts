import {
  availabilityAlert,
  availabilityAlertList,
  availabilityAlertParams,
  createAvailabilityAlert,
} from "#contract/alerts.ts";
import { deleted } from "#contract/primitives.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { createAlert, deleteAlert } from "./commands.ts";
import { listAlerts } from "./queries.ts";

const tags = ["Availability alerts"];

export async function alertRoutes(app: TypedApp, dependencies: Dependencies): Promise<void> {
  const { database } = dependencies;

  app.post("/availability-alerts", {
    schema: {
      tags,
      summary: "Create an alert for free times on some days",
      body: createAvailabilityAlert,
      response: { 201: availabilityAlert, ...problemResponses(401, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "alert"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      return reply.status(201).send(await createAlert(dependencies, caller, request.body));
    },
  });

  app.get("/availability-alerts", {
    schema: {
      tags,
      summary: "List my alerts",
      response: { 200: availabilityAlertList, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return { data: await database.asUser(caller.id, (tx) => listAlerts(tx, caller.id)) };
    },
  });

  app.delete("/availability-alerts/:alert_id", {
    schema: {
      tags,
      summary: "Delete an alert",
      params: availabilityAlertParams,
      response: { 204: deleted, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      await deleteAlert(database, request.caller, request.params.alert_id);
      return reply.status(204).send(null);
    },
  });
}
