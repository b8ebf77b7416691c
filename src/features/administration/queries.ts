import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AdministratorState, AdminPerson } from "#contract/administration.ts";
import { api } from "@/lib/api.ts";
import { adminKeys } from "@/lib/queryKeys.ts";

const base = "/api/v1/admin";

export const stateQuery = queryOptions({
  queryKey: adminKeys.state,
  queryFn: ({ signal }) => api.get<AdministratorState>(base, { signal }),
  retry: false,
});

/** A list of the console, by its address: every reading is logged, so none is repeated by itself. */
export const listQuery = <Page extends { next_cursor: string | null }>(
  path: string,
  query: Record<string, string | undefined> = {},
) =>
  infiniteQueryOptions({
    queryKey: adminKeys.list(path, query),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page>(`${base}/${path}`, { query: { ...query, cursor: pageParam, limit: 30 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page) => page.next_cursor ?? undefined,
    refetchOnWindowFocus: false,
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: adminKeys.person(id),
    queryFn: ({ signal }) => api.get<AdminPerson>(`${base}/people/${encodeURIComponent(id)}`, { signal }),
    refetchOnWindowFocus: false,
  });

export function act(path: string, body?: unknown): Promise<unknown> {
  return api.post(`${base}/${path}`, body);
}

export function setVerified(id: string, verified: boolean): Promise<unknown> {
  return api.put(`${base}/people/${encodeURIComponent(id)}/verified`, { verified });
}
