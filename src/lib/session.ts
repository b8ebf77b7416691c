import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "./api.ts";
import { clearDrafts } from "./drafts.ts";
import { meQuery, queryKeys } from "./queries.ts";

export type Credentials = { email: string; password: string };
export type NewAccount = Credentials & { name: string };

/** `data`: undefined while unknown, null when signed out, else the person and the mentor profile if there is one. */
export function useMe() {
  return useQuery(meQuery);
}

/** The account actions; after each the app knows anew who is here. @throws ApiProblem */
export function useSession() {
  const queryClient = useQueryClient();
  return {
    async signIn(credentials: Credentials): Promise<void> {
      await api.post("/api/auth/sign-in/email", credentials);
      await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
    },
    async signUp(account: NewAccount): Promise<void> {
      await api.post("/api/auth/sign-up/email", account);
      await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
    },
    async signOut(): Promise<void> {
      await api.post("/api/auth/sign-out", {});
      clearDrafts();
      queryClient.setQueryData(queryKeys.me, null);
      queryClient.removeQueries({ queryKey: queryKeys.bookings });
    },
  };
}
