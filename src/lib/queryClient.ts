import { QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./api.ts";

const MINUTE_MS = 60_000;

/** Only what may pass by itself is asked again: a 404 stays a 404. */
function mayRetry(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof ApiProblem && error.isTemporary && error.status !== 429;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: MINUTE_MS, retry: mayRetry, retryDelay: (failures) => 600 * 2 ** failures },
    mutations: { retry: false },
  },
});
