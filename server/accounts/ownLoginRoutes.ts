import { ownLogins } from "#contract/accounts.ts";
import type { Queryable } from "../platform/database/database.ts";
import { signedIn } from "../platform/http/authority.ts";
import type { Identity } from "../platform/http/identity.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { deviceOf } from "./device.ts";

export async function ownLoginRoutes(app: TypedApp, { database }: Dependencies): Promise<void> {
  app.get("/me/logins", {
    schema: {
      tags: ["Account"],
      summary: "List the devices where I am signed in",
      description:
        "`POST /api/auth/revoke-session` with the id as `token` signs one out, `POST /api/auth/revoke-other-sessions` all others.",
      response: { 200: ownLogins, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request) => ({ data: await listLogins(database.accounts, request.caller) }),
  });
}

interface StoredLogin {
  id: string;
  user_agent: string | null;
  created_at: Date;
  updated_at: Date;
}

async function listLogins(accounts: Queryable, caller: Identity) {
  const { rows } = await accounts.query<StoredLogin>({
    name: "own_logins",
    text: `select id, user_agent, created_at, updated_at from auth.sessions
           where user_id = $1 and expires_at > now() order by id = $2 desc, updated_at desc, id`,
    values: [caller.id, caller.loginId],
  });
  return rows.map(({ id, user_agent, created_at, updated_at }) => ({
    id,
    ...deviceOf(user_agent),
    signed_in_at: created_at.toISOString(),
    last_used_at: updated_at.toISOString(),
    current: id === caller.loginId,
  }));
}
