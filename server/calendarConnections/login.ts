import type { Database } from "../platform/database/database.ts";
import type { Connecting } from "./connectionKinds.ts";
import { CalendarProblem, type Login } from "./provider.ts";
import { storableScopes } from "./storable.ts";

export interface SealedLogin {
  id: string;
  server_url: string | null;
  username: string | null;
  credential: Uint8Array;
}

/** The login of a connection, for its provider. @throws CalendarProblem `login_refused` if it cannot be opened */
export function openLogin(
  { database, logins }: { database: Database } & Pick<Connecting, "logins">,
  { id, server_url, username, credential }: SealedLogin,
): Login {
  let stored = credential;
  return {
    connectionId: id,
    serverUrl: server_url,
    username,
    secret: openSecret(logins, { id, credential }),
    save: async (secret, endsAt, granted) => {
      const sealed = logins.seal(secret, id);
      await database.asSystem("a provider renews the logins of many people", null, ({ last }) =>
        last.client.query("select private.save_credential($1, $2, $3, $4, $5, $6)", [
          id,
          stored,
          sealed,
          endsAt === null ? null : new Date(endsAt),
          granted && storableScopes(granted),
          granted?.mayWrite ?? null,
        ]),
      );
      stored = sealed;
    },
  };
}

/** A key that was taken away is like a login that is no longer known: its owner enters it again. */
function openSecret(
  logins: Connecting["logins"],
  { id, credential }: Pick<SealedLogin, "id" | "credential">,
): Login["secret"] {
  try {
    return logins.open(credential, id);
  } catch {
    // The reason would say nothing to its owner.
    throw new CalendarProblem("login_refused");
  }
}
