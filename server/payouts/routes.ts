import { Readable } from "node:stream";
import { z } from "zod";
import { earnings, statementPage, statementQuery, statementRange } from "#contract/earnings.ts";
import { bankDetails, linkedAccount, payoutAccount, payoutPage, payoutQuery } from "#contract/payouts.ts";
import type { SignIn } from "../auth/signIn.ts";
import type { PaymentProvider } from "../payments/provider.ts";
import { Refusal } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import type { Identity } from "../platform/http/identity.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { listPayouts, readEarnings, readStatement, statementAsCsv } from "./earnings.ts";
import { readPayoutAccount, setBankDetails, setLinkedAccount } from "./payoutAccount.ts";

const tags = ["Earnings"];

export type PayoutDependencies = Dependencies & {
  secret: string;
  provider: PaymentProvider | null;
  signIn: SignIn;
};

/** What mentors earn, and where it goes. */
export async function payoutRoutes(app: TypedApp, dependencies: PayoutDependencies): Promise<void> {
  const { database } = dependencies;

  app.get("/mentors/me/earnings", {
    schema: {
      tags,
      summary: "See what I have earned, and what is held until when",
      response: { 200: earnings, ...problemResponses(401, 403) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => readEarnings(database, caller),
  });

  app.get("/mentors/me/earnings/statement", {
    schema: {
      tags,
      summary: "List what became of the money of each session, latest session first",
      description: "paid = refunded + fee + net, but for refunds that the platform has paid for.",
      querystring: statementQuery,
      response: { 200: statementPage, ...problemResponses(401, 403, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, query }) => readStatement(database, caller, query),
  });

  app.get("/mentors/me/earnings/statement.csv", {
    schema: {
      tags,
      summary: "Download the statement as CSV",
      querystring: statementRange,
      produces: ["text/csv"],
      response: { 200: z.string(), ...problemResponses(401, 403, 422, 429) },
    },
    onRequest: limitTo(app, "statement-csv"),
    preHandler: signedIn,
    handler: async ({ caller, query }, reply) => {
      const { from = "start", until = "now" } = query;
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="matepeak-earnings-${from}-${until}.csv"`)
        .send(Readable.from(await statementAsCsv(database, caller, query)) as never);
    },
  });

  app.get("/mentors/me/payouts", {
    schema: {
      tags,
      summary: "List my payouts, newest first",
      querystring: payoutQuery,
      response: { 200: payoutPage, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, query }) =>
      database.asUser(caller.id, (tx) => listPayouts(tx, caller.id, query)),
  });

  accountRoutes(app, dependencies);
}

/** Where the money goes: shown by its last characters only, and changed only by who has just proved who they are. */
function accountRoutes(app: TypedApp, dependencies: PayoutDependencies): void {
  const { database, provider, signIn } = dependencies;
  const canLink = provider !== null && provider.transfers !== null;
  const preHandler = [signedIn, signIn.freshProof, signIn.confirmedAddress];
  const problems = problemResponses(401, 403, 409, 422, 429);
  const description =
    "A change counts from a day later and is mailed to the account’s address. Needs a sign-in or a proof of the last ten minutes.";
  const read = (caller: Identity) => readPayoutAccount(database, caller, canLink);

  app.get("/mentors/me/payout-account", {
    schema: {
      tags,
      summary: "See where my payouts go",
      response: { 200: payoutAccount, ...problemResponses(401, 403) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => read(caller),
  });

  app.put("/mentors/me/payout-account/bank", {
    schema: {
      tags,
      summary: "Set my bank account",
      description,
      body: bankDetails,
      response: { 200: payoutAccount, ...problems },
    },
    onRequest: limitTo(app, "payout-account"),
    preHandler,
    handler: async ({ caller, body }) => {
      await setBankDetails(dependencies, caller, body);
      return read(caller);
    },
  });

  app.delete("/mentors/me/payout-account/bank", {
    schema: {
      tags,
      summary: "Remove my bank account",
      description,
      response: { 200: payoutAccount, ...problems },
    },
    onRequest: limitTo(app, "payout-account"),
    preHandler,
    handler: async ({ caller }) => {
      await setBankDetails(dependencies, caller, null);
      return read(caller);
    },
  });

  app.put("/mentors/me/payout-account/linked", {
    schema: {
      tags,
      summary: "Set my account at the payment provider",
      description: `What is earned from then on is transferred there directly. ${description}`,
      body: linkedAccount,
      response: { 200: payoutAccount, ...problems },
    },
    onRequest: limitTo(app, "payout-account"),
    preHandler,
    handler: async ({ caller, body }) => {
      if (!canLink) throw new Refusal("cannot_link");
      await setLinkedAccount(dependencies, caller, body.account);
      return read(caller);
    },
  });

  app.delete("/mentors/me/payout-account/linked", {
    schema: {
      tags,
      summary: "Remove my account at the payment provider",
      description,
      response: { 200: payoutAccount, ...problems },
    },
    onRequest: limitTo(app, "payout-account"),
    preHandler,
    handler: async ({ caller }) => {
      await setLinkedAccount(dependencies, caller, null);
      return read(caller);
    },
  });
}
