import { useQueryClient } from "@tanstack/react-query";
import type { WaitlistEntry } from "#contract/waitlist.ts";
import { joined, joinWaitlist as words } from "#words/waitlist.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { Link } from "@/lib/router/router.tsx";
import { toast } from "@/lib/toast.ts";
import { waitlistPaths } from "@/lib/waitlistPaths.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { useAction } from "@/ui/useAction.ts";
import { leaveWaitlist } from "./api.ts";
import { placeOf } from "./placeOf.ts";
import { useLivePlaces } from "./useLivePlaces.ts";

type QueuePlaceProps = { entry: WaitlistEntry; onLeft?: () => void };

/** A place in a queue, and the button that gives it up. */
export function QueuePlace({ entry, onLeft }: QueuePlaceProps) {
  const leave = useLeaveWaitlist();
  useLivePlaces(entry.expert_id);
  return (
    <>
      <p className="font-semibold">{placeOf(entry)}</p>
      <p className="text-sm">{joined.next}</p>
      <p className="mt-2 flex flex-wrap gap-2">
        <Link
          to={waitlistPaths.waiting(entry.offer?.state === "open" ? entry.offer.id : undefined)}
          className={buttonVariants({ variant: "secondary", size: "sm" })}
        >
          {words.see}
        </Link>
        <Button
          variant="ghost"
          size="sm"
          pending={leave.isPending}
          onClick={async () => {
            if (await leave.run(entry.id)) onLeft?.();
          }}
        >
          {words.leave}
        </Button>
      </p>
    </>
  );
}

export function useLeaveWaitlist() {
  const queryClient = useQueryClient();
  return useAction(async (entryId: string) => {
    const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
    await refreshIfRefused(leaveWaitlist(entryId), refresh);
    toast.success(words.left);
    await refresh();
  });
}
