import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, api } from "./api.ts";
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
      await api.post("/api/auth/sign-in/email", credentials).catch(readable);
      await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
    },
    async signUp(account: NewAccount): Promise<void> {
      await api.post("/api/auth/sign-up/email", account).catch(readable);
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

/** Better Auth's codes -> the field to show them at and words of ours. */
const accountErrors: Readonly<Record<string, { field?: string; message: string }>> = {
  INVALID_EMAIL_OR_PASSWORD: { message: "The e-mail address or the password is not right." },
  invalid_credentials: { message: "The e-mail address or the password is not right." },
  INVALID_EMAIL: { field: "email", message: "This is not a valid e-mail address." },
  PASSWORD_TOO_SHORT: { field: "password", message: "Use at least 8 characters." },
  PASSWORD_TOO_LONG: { field: "password", message: "Use at most 128 characters." },
  USER_ALREADY_EXISTS: { field: "email", message: "There is already an account with this e-mail address." },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: {
    field: "email",
    message: "There is already an account with this e-mail address.",
  },
};

function readable(problem: unknown): never {
  const known = problem instanceof ApiProblem ? accountErrors[problem.code] : undefined;
  if (!(problem instanceof ApiProblem) || !known) throw problem;
  throw new ApiProblem(problem.code, {
    status: problem.status,
    detail: known.message,
    ...(known.field && { errors: [{ field: known.field, message: known.message }] }),
    ...(problem.requestId && { request_id: problem.requestId }),
  });
}
