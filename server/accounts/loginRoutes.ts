import type { FastifyInstance } from "fastify";
import type pg from "pg";
import { z } from "zod";
import { text } from "#contract/primitives.ts";
import { textLimits } from "#rules/limits.ts";
import { fieldErrors } from "#words/fields.ts";
import { refuseField } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import type { Identities } from "../platform/http/identity.ts";
import { limitTo } from "../platform/limits/limits.ts";
import type { Accounts } from "./accounts.ts";
import { forgetTrustedDevices } from "./waysIn.ts";

const named = z.object({ token: text(textLimits.loginToken).min(1) });

/**
 * Replaces the library's two calls that revoke logins, with the same paths and responses. The library compares tokens, which the
 * list of logins no longer contains (hashedLogins.ts); here a login is named by its id, or by its token.
 */
export function loginRoutes(
  app: FastifyInstance,
  { accounts, identities, pool }: { accounts: Accounts; identities: Identities; pool: pg.Pool },
): void {
  const hidden = { schema: { hide: true } };
  const onRequest = limitTo(app, "accounts");

  app.post("/revoke-session", {
    ...hidden,
    onRequest,
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      const { data, error } = named.safeParse(request.body ?? {});
      if (error) throw refuseField("token", fieldErrors.login);
      const { adapter } = await accounts.$context;
      const isId = z.uuid().safeParse(data.token).success;
      // A bearer token is the login's token, a dot and a signature.
      const which = isId
        ? { field: "id", value: data.token }
        : { field: "token", value: data.token.split(".", 1)[0] ?? "" };
      await adapter.deleteMany({
        model: "session",
        where: [{ field: "userId", value: caller.id }, which],
      });
      identities.forget();
      return { status: true };
    },
  });

  app.post("/revoke-other-sessions", {
    ...hidden,
    onRequest,
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      const { adapter } = await accounts.$context;
      await adapter.deleteMany({
        model: "session",
        where: [
          { field: "userId", value: caller.id },
          { field: "id", value: caller.loginId, operator: "ne" },
        ],
      });
      await forgetTrustedDevices(pool, caller.id);
      identities.forget();
      return { status: true };
    },
  });
}
