import { deleted } from "#contract/primitives.ts";
import { createService, ownServiceList, service, serviceParams, updateService } from "#contract/services.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { addService, changeService, removeService } from "./commands.ts";
import { listServices } from "./queries.ts";

type ServiceDependencies = Dependencies & {
  /** The platform's part of what students pay; null: nothing is charged. */
  feeBasisPoints: number | null;
};

const BASIS_POINTS_OF_A_PERCENT = 100;

export async function serviceRoutes(
  app: TypedApp,
  { database, feeBasisPoints }: ServiceDependencies,
): Promise<void> {
  const tags = ["Services"];
  const own = limitTo(app, "own");

  app.get("/mentors/me/services", {
    schema: {
      tags,
      summary: "List my services",
      response: { 200: ownServiceList, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      const data = await database.asUser(caller.id, (tx) => listServices(tx.db, caller.id));
      return { data, fee_percent: feeBasisPoints && feeBasisPoints / BASIS_POINTS_OF_A_PERCENT };
    },
  });

  app.post("/mentors/me/services", {
    schema: {
      tags,
      summary: "Add a service",
      body: createService,
      response: { 201: service, ...problemResponses(401, 403, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      return reply.status(201).send(await addService(database, caller, request.body));
    },
  });

  app.patch("/mentors/me/services/:service_id", {
    schema: {
      tags,
      summary: "Change a service",
      params: serviceParams,
      body: updateService,
      response: { 200: service, ...problemResponses(401, 404, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request) =>
      changeService(database, request.caller, request.params.service_id, request.body),
  });

  app.delete("/mentors/me/services/:service_id", {
    schema: {
      tags,
      summary: "Delete a service",
      params: serviceParams,
      response: { 204: deleted, ...problemResponses(401, 404, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async (request, reply) => {
      await removeService(database, request.caller, request.params.service_id);
      return reply.status(204).send(null);
    },
  });
}
