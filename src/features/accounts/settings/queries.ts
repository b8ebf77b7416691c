import { queryOptions } from "@tanstack/react-query";
import type { OwnLogins } from "#contract/accounts.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";

export const loginsQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.logins(userId),
    queryFn: async ({ signal }) => (await api.get<OwnLogins>("/api/v1/me/logins", { signal })).data,
  });
