import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "react-router";
import type { MentorSummary } from "#contract/mentors.ts";
import { useMe } from "@/features/accounts/me.ts";
import { paths } from "@/lib/paths.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { toastProblem } from "@/ui/useAction.ts";
import { setFavourite } from "./api.ts";
import { rememberWish } from "./favouriteWish.ts";
import { favouritesQuery } from "./queries.ts";

type Named = Pick<MentorSummary, "id" | "full_name">;

/** Whether a mentor is among this person's favourites, and the way to change it; a visitor signs in first. */
export function useFavourite({ id, full_name }: Named) {
  const { data: me } = useMe();
  const userId = me?.id ?? "";
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const location = useLocation();
  const { data: isKnown = false } = useQuery({
    ...favouritesQuery(userId),
    enabled: userId !== "",
    select: (favourites) => favourites.some((mentor) => mentor.id === id),
  });
  const change = useMutation({
    // One after the other: the last press decides.
    scope: { id: `favourite ${id}` },
    mutationFn: (wanted: boolean) => setFavourite(id, wanted),
    onError: (thrown, wanted) => {
      const title = wanted ? `${full_name} is no favourite yet.` : `${full_name} is still a favourite.`;
      toastProblem(thrown, title);
    },
    // Pending until the list is true again, so that the heart does not flicker.
    onSettled: () => queryClient.invalidateQueries({ queryKey: ownKeys.favourites(userId) }),
  });
  const isFavourite = change.isPending ? change.variables : isKnown;

  return {
    isFavourite,
    isOneself: userId === id,
    toggle: () => {
      if (me) return change.mutate(!isFavourite);
      if (me === undefined) return;
      rememberWish({ mentorId: id, name: full_name });
      void navigate(paths.signIn(location.pathname + location.search));
    },
  };
}
