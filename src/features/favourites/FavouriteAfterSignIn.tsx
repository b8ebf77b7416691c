import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useMe } from "@/features/accounts/me.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { toastProblem } from "@/ui/useAction.ts";
import { setFavourite } from "./api.ts";
import { takeWish } from "./favouriteWish.ts";

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
        toastProblem(thrown, `${wish.name} is no favourite yet.`);
      }
      await queryClient.invalidateQueries({ queryKey: ownKeys.favourites(userId) });
    };
    void choose();
  }, [userId, queryClient]);
  return null;
}
