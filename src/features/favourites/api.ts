import { api } from "@/lib/api.ts";

/** Idempotent. @throws ApiProblem */
export function setFavourite(mentorId: string, isFavourite: boolean): Promise<null> {
  const path = `/api/v1/me/favourites/${encodeURIComponent(mentorId)}`;
  return isFavourite ? api.put(path, undefined) : api.delete(path);
}
