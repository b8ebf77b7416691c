import { billingDetails, saveBillingDetails, saveTaxSettings, taxSettings } from "#contract/tax.ts";
import type { Database } from "../platform/database/database.ts";
import { signedIn } from "../platform/http/authority.ts";
import { problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { readBillingDetails, readTaxSettings, saveBilling, saveTax } from "./taxDetails.ts";

const tags = ["Documents"];

/** What documents say about who issues and who receives them. */
export async function taxRoutes(app: TypedApp, database: Database): Promise<void> {
  app.get("/mentors/me/tax", {
    schema: {
      tags,
      summary: "Get what my documents say about GST",
      response: { 200: taxSettings, ...problemResponses(401, 403) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => database.asUser(caller.id, (tx) => readTaxSettings(tx, caller.id)),
  });

  app.put("/mentors/me/tax", {
    schema: {
      tags,
      summary: "Set what my documents say about GST",
      description:
        "For documents that are issued from now on. Ask an accountant whether and how to charge GST: nothing here is advice.",
      body: saveTaxSettings,
      response: { 200: taxSettings, ...problemResponses(401, 403, 422, 429) },
    },
    onRequest: limitTo(app, "own"),
    preHandler: signedIn,
    handler: async ({ caller, body }) => saveTax(database, caller, body),
  });

  app.get("/me/billing", {
    schema: {
      tags,
      summary: "Get what my receipts say about me",
      response: { 200: billingDetails, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => database.asUser(caller.id, (tx) => readBillingDetails(tx, caller.id)),
  });

  app.put("/me/billing", {
    schema: {
      tags,
      summary: "Set what my receipts say about me",
      description:
        "For documents that are issued from now on. The State decides which GST is charged, if any.",
      body: saveBillingDetails,
      response: { 200: billingDetails, ...problemResponses(401, 422, 429) },
    },
    onRequest: limitTo(app, "own"),
    preHandler: signedIn,
    handler: async ({ caller, body }) => saveBilling(database, caller, body),
  });
}
