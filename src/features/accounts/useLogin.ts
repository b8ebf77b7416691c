import { useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api.ts";
import { clearDrafts } from "@/lib/drafts.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { meQuery } from "./queries.ts";
import { notifyTabs } from "./signInNews.ts";

export type Credentials = { email: string; password: string };
export type NewAccount = Credentials & { name: string };

/** The account actions. Each updates who is signed in, here and in other tabs. @throws ApiProblem */
export function useLogin() {
  const queryClient = useQueryClient();

  async function enter(path: string, account: Credentials): Promise<void> {
    await api.post(path, account, { forAnyone: true });
    const before = tabPerson.id();
    tabPerson.welcome();
    const me = await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
    if (before !== undefined && before !== me?.id)
      queryClient.removeQueries({ queryKey: queryKeys.bookings });
    if (me) notifyTabs({ userId: me.id });
  }

  return {
    signIn: (credentials: Credentials) => enter("/api/auth/sign-in/email", credentials),
    signUp: (account: NewAccount) => enter("/api/auth/sign-up/email", account),
    async signOut(): Promise<void> {
      await api.post("/api/auth/sign-out", {});
      clearDrafts();
      tabPerson.release();
      queryClient.setQueryData(queryKeys.me, null);
      queryClient.removeQueries({ queryKey: queryKeys.bookings });
      notifyTabs({ userId: null });
    },
  };
}
