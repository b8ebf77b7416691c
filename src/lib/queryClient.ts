import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { MINUTE_MS } from "#scheduling/units.ts";
import { ApiProblem } from "./api.ts";

/** Retries only temporary failures: a 404 stays a 404. */
function mayRetry(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof ApiProblem && error.isTemporary && error.status !== 429;
}

/**
 * Also refetches queries whose first fetch is pending: the library would keep its response, which may be older than the
 * change.
 */
class UpToDateClient extends QueryClient {
  override async invalidateQueries<Key extends QueryKey>(
    filters: InvalidateQueryFilters<Key> = {},
    options: InvalidateOptions = {},
  ): Promise<void> {
    const asking = this.getQueryCache()
      .findAll({ ...filters, fetchStatus: "fetching" })
      .filter((query) => query.state.data === undefined);
    await Promise.all(asking.map((query) => query.cancel({ silent: true })));
    await super.invalidateQueries(filters, options);
  }
}

export const queryClient = new UpToDateClient({
  defaultOptions: {
    queries: { staleTime: MINUTE_MS, retry: mayRetry, retryDelay: (failures) => 600 * 2 ** failures },
    mutations: { retry: false },
  },
});

// A fetch that is under way when a page writes newer data starts again: its response may be older than what was written.
queryClient.getQueryCache().subscribe((event) => {
  if (event.type !== "updated" || event.action.type !== "success" || !event.action.manual) return;
  const { queryKey, state } = event.query;
  if (state.fetchStatus === "fetching") void queryClient.invalidateQueries({ queryKey, exact: true });
});
