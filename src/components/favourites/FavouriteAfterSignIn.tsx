import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiProblem } from "@/lib/api";
import { ownKeys } from "@/lib/ownQueries";
import { useMe } from "@/lib/session";
import { toast } from "@/lib/toast";
import { setFavourite } from "@/services/favouriteService";
import { takeWish } from "./favouriteWish";

/** Does what somebody wanted before signing in, on whatever page that ends, without being seen. */
export function FavouriteAfterSignIn() {
  const userId = useMe().data?.id;
  const queryClient = useQueryClient();
  useEffect(() => {
    const wish = userId ? takeWish() : null;
    if (!userId || !wish || wish.mentorId === userId) return;
    const choose = async () => {
      try {
        await setFavourite(wish.mentorId, true);
        toast.success(`${wish.name} is one of your favourites now.`);
      } catch (thrown) {
        if (!(thrown instanceof ApiProblem)) throw thrown;
        toast.error(`${wish.name} is no favourite yet.`, { description: thrown.detail });
      }
      await queryClient.invalidateQueries({ queryKey: ownKeys.favourites(userId) });
    };
    void choose();
  }, [userId, queryClient]);
  return null;
}
