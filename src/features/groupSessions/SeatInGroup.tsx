import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import type { Attendees } from "#contract/groupSessions.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { groupFacts, groupPage, groupSeat } from "#words/groupSessions.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { Link } from "@/lib/router/router.tsx";
import { announce } from "@/ui/Announcer.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Switch } from "@/ui/Switch.tsx";
import { toastProblem } from "@/ui/useAction.ts";
import { showName } from "./api.ts";
import { GroupBadge, MinimumNote, SeatBar } from "./GroupFacts.tsx";
import { attendeesQuery } from "./queries.ts";
import { useLiveGroup } from "./useLiveGroup.ts";

type SeatInGroupProps = { bookingId: string; role: BookingRole; timeZone: string };

/** On the page of a session with several seats: the others who show their names, and whether enough people join. */
export default function SeatInGroup({ bookingId, role, timeZone }: SeatInGroupProps) {
  const headingId = useId();
  const query = attendeesQuery(bookingId);
  const { data } = useQuery({ ...query, retry: false });
  const now = useNow();
  useLiveGroup(data?.session.expert_id ?? null, query.queryKey);
  if (!data) return null;
  const { session, names } = data;
  const isOver = Date.parse(session.ends_at) <= now.getTime();
  return (
    <Card className="p-4 sm:p-5">
      <section aria-labelledby={headingId} className="space-y-4">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 id={headingId} className="text-heading">
            {groupSeat.title}
          </h2>
          <GroupBadge session={session} now={now} />
        </div>
        <div className="space-y-2">
          <p className="tabular-nums">{groupFacts.seatsTaken(session.seats_taken, session.capacity)}</p>
          <SeatBar session={session} />
        </div>
        <MinimumNote session={session} timeZone={timeZone} isYours={role === "student"} />
        {role === "student" && (
          <>
            <div>
              <h3 className="font-semibold">{isOver ? groupSeat.namesPast : groupSeat.names}</h3>
              {names.length === 0 ? (
                <p className="text-ink-soft">{groupSeat.noNames}</p>
              ) : (
                <ul className="mt-1 flex flex-wrap gap-2">
                  {names.map((name, index) => (
                    // Two attendees may have the same name.
                    // biome-ignore lint/suspicious/noArrayIndexKey: the list has no other identity.
                    <li key={index} className="rounded-full bg-sunken px-3 py-1">
                      <bdi>{name}</bdi>
                    </li>
                  ))}
                </ul>
              )}
            </div>
            <NameSwitch bookingId={bookingId} isShown={data.shows_name} />
          </>
        )}
        <Link
          to={
            role === "mentor"
              ? groupPaths.roster(session.id)
              : groupPaths.session(session.mentor.username, session.id)
          }
          className={buttonVariants({ variant: "secondary", size: "sm" })}
        >
          {role === "mentor" ? groupPage.roster : groupSeat.page}
        </Link>
      </section>
    </Card>
  );
}

function NameSwitch({ bookingId, isShown }: { bookingId: string; isShown: boolean }) {
  const queryClient = useQueryClient();
  const { queryKey } = attendeesQuery(bookingId);
  const change = useMutation({
    mutationFn: (next: boolean) => showName(bookingId, next),
    onSuccess: (_, next) => {
      queryClient.setQueryData<Attendees>(queryKey, (known) => known && { ...known, shows_name: next });
      announce(next ? groupSeat.nowShown : groupSeat.nowHidden);
    },
    onError: (problem) => toastProblem(problem),
  });
  return (
    <Switch
      label={groupSeat.showName}
      checked={change.isPending ? change.variables : isShown}
      onChange={(event) => !change.isPending && change.mutate(event.target.checked)}
    />
  );
}
