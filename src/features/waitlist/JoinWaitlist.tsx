import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ListPlus } from "lucide-react";
import type { JoinWaitlist as Target } from "#contract/waitlist.ts";
import { joinWaitlist as words } from "#words/waitlist.ts";
import { useMe } from "@/features/accounts/me.ts";
import { ApiProblem } from "@/lib/api.ts";
import { paths } from "@/lib/paths.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { Link, useLocation } from "@/lib/router/router.tsx";
import { announce } from "@/ui/Announcer.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { useAction } from "@/ui/useAction.ts";
import { joinWaitlist } from "./api.ts";
import { placeOf } from "./placeOf.ts";
import { QueuePlace } from "./QueuePlace.tsx";
import { waitlistQuery } from "./queries.ts";
import { entryFor } from "./waitlistState.ts";

type JoinWaitlistProps = { mentorId: string; target: Target; className?: string };

/** Beside what is taken or full: joins its queue with one tap, or shows the place in it and leaves with one. */
export default function JoinWaitlist({ mentorId, target, className }: JoinWaitlistProps) {
  const { data: me } = useMe();
  const location = useLocation();
  const queryClient = useQueryClient();
  const { data: entries = [] } = useQuery({ ...waitlistQuery(me?.id ?? ""), enabled: Boolean(me) });
  const entry = entryFor(entries, target);
  const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
  const join = useAction(async () => {
    try {
      const made = await joinWaitlist(mentorId, target);
      announce(placeOf(made));
    } catch (thrown) {
      // It is free again: the list of times shows it.
      if (thrown instanceof ApiProblem && thrown.code === "times_already_free")
        void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentorId) });
      throw thrown;
    } finally {
      await refresh();
    }
  });
  return (
    <div className={className}>
      {entry ? (
        <QueuePlace entry={entry} />
      ) : (
        <>
          <p className="mb-2 text-sm">{target.kind === "group" ? words.forSeat : words.forTime}</p>
          {me === null ? (
            <Link
              to={paths.signIn(location.pathname + location.search)}
              className={buttonVariants({ variant: "secondary", size: "sm" })}
            >
              <ListPlus aria-hidden className="size-4" /> {words.signIn}
            </Link>
          ) : (
            <Button variant="secondary" size="sm" pending={join.isPending} onClick={() => void join.run()}>
              <ListPlus aria-hidden className="size-4" /> {words.join}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
