import { queryOptions } from "@tanstack/react-query";
import type { DeletionPreview } from "#contract/personalData.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";

/** What deleting the account would cancel: as it is when the dialog opens. */
export const deletionQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.deletion(userId),
    queryFn: ({ signal }) => api.get<DeletionPreview>("/api/v1/me/deletion", { signal }),
    staleTime: 0,
    gcTime: 0,
  });
