/** Favourite mentors, as a thin client of the API. Everything here throws ApiProblem when it is refused. */
import { api } from "@/lib/api.ts";

/** Done as well when it is so already. */
export function setFavourite(mentorId: string, isFavourite: boolean): Promise<null> {
  const path = `/api/v1/me/favourites/${encodeURIComponent(mentorId)}`;
  return isFavourite ? api.put(path, undefined) : api.delete(path);
}
