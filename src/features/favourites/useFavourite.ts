import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { MentorSummary } from "#contract/mentors.ts";
import { favouriteButton } from "#words/favourites.ts";
import { useMe } from "@/features/accounts/me.ts";
import { paths } from "@/lib/paths.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { navigate } from "@/lib/router/location.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { toastProblem } from "@/ui/useAction.ts";
import { setFavourite } from "./api.ts";
import { rememberPendingFavourite } from "./pendingFavourite.ts";
import { favouritesQuery } from "./queries.ts";

type Named = Pick<MentorSummary, "id" | "full_name">;

/** Whether a mentor is a favourite, and a function that changes it. Visitors are asked to sign in first. */
export function useFavourite({ id, full_name }: Named) {
  const { data: me } = useMe();
  const userId = me?.id ?? "";
  const queryClient = useQueryClient();
  const location = useLocation();
  const { data: isKnown = false } = useQuery({
    ...favouritesQuery(userId),
    enabled: userId !== "",
    select: (favourites) => favourites.some((mentor) => mentor.id === id),
  });
  const change = useMutation({
    // One after the other, so that the last click wins.
    scope: { id: `favourite ${id}` },
    mutationFn: (wanted: boolean) => setFavourite(id, wanted),
    onError: (problem, wanted) =>
      toastProblem(problem, favouriteButton[wanted ? "notAdded" : "notRemoved"](full_name)),
    // Pending until the list has reloaded, so that the heart does not flicker.
    onSettled: () => queryClient.invalidateQueries({ queryKey: ownKeys.favourites(userId) }),
  });
  const isFavourite = change.isPending ? change.variables : isKnown;

  return {
    isFavourite,
    isOneself: userId === id,
    toggle: () => {
      if (me) return change.mutate(!isFavourite);
      if (me === undefined) return;
      rememberPendingFavourite({ mentorId: id, name: full_name });
      navigate(paths.signIn(location.pathname + location.search));
    },
  };
}
