import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ListPlus } from "lucide-react";
import { useRef } from "react";
import type { JoinWaitlist as Target } from "#contract/waitlist.ts";
import { joinWaitlist as words } from "#words/waitlist.ts";
import { useMe } from "@/features/accounts/me.ts";
import { ApiProblem } from "@/lib/api.ts";
import { cn } from "@/lib/classNames.ts";
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

type JoinWaitlistProps = {
  mentorId: string;
  target: Target;
  /** It is what the reader came for. */
  isMain?: boolean;
  className?: string;
};

/** Beside what is taken or full: joins its queue with one tap, or shows the place in it and leaves with one. */
export default function JoinWaitlist({ mentorId, target, isMain = false, className }: JoinWaitlistProps) {
  const { data: me } = useMe();
  const location = useLocation();
  const queryClient = useQueryClient();
  const { data: entries = [] } = useQuery({ ...waitlistQuery(me?.id ?? ""), enabled: Boolean(me) });
  const entry = entryFor(entries, target);
  // The button that was pressed is gone then.
  const box = useRef<HTMLDivElement>(null);
  const focusBox = () => box.current?.focus();
  const look = isMain
    ? ({ variant: "primary", className: "w-full" } as const)
    : ({ variant: "secondary", size: "sm" } as const);
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
    <div ref={box} tabIndex={-1} className={cn("outline-none", className)}>
      {entry ? (
        <QueuePlace entry={entry} onLeft={focusBox} />
      ) : (
        <>
          <p className="mb-2 text-sm">{target.kind === "group" ? words.forSeat : words.forTime}</p>
          {me === null ? (
            <Link to={paths.signIn(location.pathname + location.search)} className={buttonVariants(look)}>
              <ListPlus aria-hidden className="size-4" /> {words.signIn}
            </Link>
          ) : (
            <Button
              {...look}
              pending={join.isPending}
              onClick={async () => {
                if (await join.run()) focusBox();
              }}
            >
              <ListPlus aria-hidden className="size-4" /> {words.join}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
