import type { Me } from "#contract/accounts.ts";
import { FavouriteAfterSignIn } from "@/features/favourites/FavouriteAfterSignIn.tsx";
import { NotificationBell } from "@/features/notifications/NotificationBell.tsx";
import { AccountMenu } from "./AccountMenu.tsx";

/** What the header has for a signed-in person. */
export default function OwnMenus({ me }: { me: Me }) {
  return (
    <>
      <NotificationBell userId={me.id} />
      <AccountMenu me={me} />
      <FavouriteAfterSignIn userId={me.id} />
    </>
  );
}
