import { queryOptions } from "@tanstack/react-query";
import type { OwnLogins } from "#contract/accounts.ts";
import type { SignInMethods } from "#contract/signInMethods.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";

export const loginsQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.logins(userId),
    queryFn: async ({ signal }) => (await api.get<OwnLogins>("/api/v1/me/logins", { signal })).data,
  });

export const signInMethodsQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.signInMethods(userId),
    queryFn: ({ signal }) => api.get<SignInMethods>("/api/v1/me/sign-in-methods", { signal }),
  });
