import type { preHandlerAsyncHookHandler } from "fastify";
import type { AdministratorState } from "#contract/administration.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import { authority, loginCredentials, signedIn } from "../platform/http/authority.ts";
import type { Identity } from "../platform/http/identity.ts";

export async function readState(
  database: Database,
  { id, loginId }: Identity,
): Promise<AdministratorState["state"] | "none"> {
  return database.asSystem("who is an administrator is hidden from people", id, async ({ client }) => {
    const { rows } = await client.query<{ state: AdministratorState["state"] | "none" }>({
      name: "administrator_state",
      text: "select private.administrator_state($1) as state",
      values: [loginId],
    });
    return rows[0]?.state ?? "none";
  });
}

/**
 * Only administrators may call the route, with a login that has passed two-factor sign-in. For everyone else it does not
 * exist. This is the first of two checks: each function behind it makes its own, in the transaction of what it does.
 */
export function administrators(database: Database): preHandlerAsyncHookHandler {
  return authority(loginCredentials, async function administrator(request, reply) {
    await signedIn.call(this, request, reply);
    switch (await readState(database, request.caller)) {
      case "ready":
        return;
      case "none":
        throw new Refusal("not_found");
      default:
        throw new Refusal("two_factor_required");
    }
  });
}
