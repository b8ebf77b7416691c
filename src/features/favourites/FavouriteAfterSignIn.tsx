import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { favouriteButton } from "#words/favourites.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { toastProblem } from "@/ui/useAction.ts";
import { setFavourite } from "./api.ts";
import { takePendingFavourite } from "./pendingFavourite.ts";

/** Adds the favourite that a visitor chose before signing in, on whatever page comes next. Renders nothing. */
export function FavouriteAfterSignIn({ userId }: { userId: string }) {
  const queryClient = useQueryClient();
  useEffect(() => {
    const pending = takePendingFavourite();
    if (!pending || pending.mentorId === userId) return;
    const choose = async () => {
      try {
        await setFavourite(pending.mentorId, true);
        toast.success(favouriteButton.added(pending.name));
      } catch (thrown) {
        toastProblem(thrown, favouriteButton.notAdded(pending.name));
      }
      await queryClient.invalidateQueries({ queryKey: ownKeys.favourites(userId) });
    };
    void choose();
  }, [userId, queryClient]);
  return null;
}
