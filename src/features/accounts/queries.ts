import { queryOptions } from "@tanstack/react-query";
import type { Login, Me } from "#contract/accounts.ts";
import type { SignInOptions } from "#contract/signInMethods.ts";
import { api } from "@/lib/api.ts";
import { takeVisitorsDrafts } from "@/lib/drafts.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";

/** A visitor gets `null` instead of 401, which browsers would log as an error. */
async function readMe(signal: AbortSignal): Promise<Me | null> {
  const { me } = await api.get<Login>("/api/v1/session", { signal, forAnyone: true });
  return me;
}

/** The person of this tab (tabPerson.ts); null when signed out. */
export const meQuery = queryOptions({
  queryKey: queryKeys.me,
  staleTime: 5 * 60_000,
  queryFn: async ({ signal }): Promise<Me | null> => {
    const me = await readMe(signal);
    if (me && tabPerson.id() === undefined) takeVisitorsDrafts(me.id);
    return tabPerson.meet(me);
  },
});

/** How visitors may sign in here. */
export const signInOptionsQuery = queryOptions({
  queryKey: queryKeys.signInOptions,
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => api.get<SignInOptions>("/api/v1/sign-in-options", { signal, forAnyone: true }),
});
