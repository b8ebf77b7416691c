import { login, me, updateMe } from "#contract/accounts.ts";
import { findOwnProfile } from "../mentors/queries.ts";
import type { Database } from "../platform/database/database.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import type { Identity } from "../platform/http/identity.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";

export async function accountRoutes(app: TypedApp, { database }: Dependencies): Promise<void> {
  const tags = ["Account"];

  app.get("/me", {
    schema: { tags, summary: "Get my account", response: { 200: me, ...problemResponses(401) } },
    preHandler: signedIn,
    handler: async (request) => readMe(database, request.caller),
  });

  app.get("/session", {
    schema: {
      tags,
      summary: "Get the signed-in person, if any",
      description: "Like `GET /me`, but for a visitor `me` is null instead of an error.",
      response: { 200: login },
    },
    preHandler: anyone,
    handler: async (request) => {
      const caller = await request.identity();
      return { me: caller && (await readMe(database, caller)) };
    },
  });

  app.patch("/me", {
    schema: {
      tags,
      summary: "Change my name or time zone",
      body: updateMe,
      response: { 200: me, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      const { name, timezone } = request.body;
      const change = {
        ...(name === undefined ? {} : { full_name: name }),
        ...(timezone === undefined ? {} : { timezone }),
      };
      if (Object.keys(change).length > 0) {
        await database.asUser(caller.id, (tx) =>
          tx.db
            .insertInto("profiles")
            .values({ id: caller.id, ...change })
            .onConflict((conflict) => conflict.column("id").doUpdateSet(change))
            .execute(),
        );
      }
      return readMe(database, caller);
    },
  });
}

export async function readMe(database: Database, caller: Identity) {
  return database.asUser(caller.id, async (tx) => {
    const own = await tx.db
      .selectFrom("profiles")
      .select(["full_name", "timezone"])
      .where("id", "=", caller.id)
      .executeTakeFirst();
    const mentor = await findOwnProfile(tx, caller.id);
    const { rows: address } = await tx.client.query<{ confirmed: boolean; reachable: boolean }>(
      "select private.own_address_is_confirmed() as confirmed, private.has_reachable_address() as reachable",
    );
    return {
      id: caller.id,
      email: caller.email,
      email_confirmed: address[0]?.confirmed ?? false,
      email_reachable: address[0]?.reachable ?? true,
      name: own?.full_name ?? caller.name,
      timezone: own?.timezone ?? mentor?.timezone ?? null,
      mentor,
    };
  });
}
