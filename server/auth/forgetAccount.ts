import type { Config } from "../platform/config.ts";
import { fetchBounded } from "../platform/http/fetchBounded.ts";

/** Removes what another service keeps of a deleted person: their address, name and logins. May be repeated. */
export type ForgetAccount = (personId: string) => Promise<void>;

const bounds = { timeoutMs: 10_000, maxBytes: 64 * 1024 };

/**
 * Our own accounts are forgotten by the database (`private.forget_login`). Supabase Auth does it for the project's secret key,
 * and keeps the row with its id, to which bookings refer; without the key an administrator does it.
 */
export function openForgetAccount({ supabase }: Partial<Pick<Config, "supabase">>): ForgetAccount {
  const { url, secretKey } = supabase ?? {};
  if (secretKey === undefined) return async () => undefined;
  return async (personId) => {
    const { status } = await fetchBounded(
      `${url}/auth/v1/admin/users/${personId}`,
      {
        method: "DELETE",
        headers: {
          apikey: secretKey,
          authorization: `Bearer ${secretKey}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ should_soft_delete: true }),
      },
      bounds,
    );
    // 404: an administrator has deleted the person before.
    if (status >= 300 && status !== 404)
      throw new Error(`Supabase Auth has not deleted a person: it answered ${status}.`);
  };
}
