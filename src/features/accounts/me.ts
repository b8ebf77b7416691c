import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { meQuery } from "./queries.ts";

/** `data`: undefined while unknown, null when signed out, else the person and the mentor profile if there is one. */
export function useMe() {
  return useQuery(meQuery);
}

/** Refetches who is signed in. */
export function useCheckLogin(): () => void {
  const queryClient = useQueryClient();
  return useCallback(() => {
    void queryClient.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => undefined);
  }, [queryClient]);
}
