import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Programme } from "#contract/programmes.ts";
import { groupSeat } from "#words/groupSessions.ts";
import { programmePage } from "#words/programmes.ts";
import { useMe } from "@/features/accounts/me.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { newIdempotencyKey } from "@/lib/idempotencyKey.ts";
import { paths } from "@/lib/paths.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { navigate } from "@/lib/router/location.ts";
import { Link } from "@/lib/router/router.tsx";
import { seriesPath } from "@/lib/seriesPath.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { useAction } from "@/ui/useAction.ts";
import { joinProgramme } from "./api.ts";
import { sessionsOf, whyClosed } from "./programmeState.ts";

/** Books all sessions and goes on to the payment; or says why they cannot be booked. */
export function BookProgramme({ programme, now }: { programme: Programme; now: Date }) {
  const { data: me } = useMe();
  const queryClient = useQueryClient();
  const { id, mentor } = programme;
  const [showsName, setShowsName] = useState(false);
  // The same key for a repeated attempt, another one when what is sent has changed.
  const sent = `${programme.price} ${showsName}`;
  const [key, setKey] = useState(() => ({ sent, value: newIdempotencyKey() }));
  const booking = useAction(
    async () => {
      const current = key.sent === sent ? key : { sent, value: newIdempotencyKey() };
      setKey(current);
      const { id: seriesId, sessions } = await joinProgramme(programme, showsName, current.value);
      await queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
      const [first] = sessions;
      if (!first) return;
      if (first.awaits_payment) {
        navigate(paths.pay(first.id));
        return;
      }
      toast.success(first.status === "confirmed" ? programmePage.booked : programmePage.requested);
      navigate(seriesPath(seriesId));
    },
    { inPlace: true },
  );
  if (me?.id === programme.expert_id) {
    return (
      <Link to={groupPaths.programmeRoster(id)} className={buttonVariants({ className: "w-full" })}>
        {programmePage.roster}
      </Link>
    );
  }
  const why = whyClosed(programme, now);
  if (why) {
    return (
      <>
        <Alert tone={programme.state === "cancelled" ? "bad" : "info"} announce={false}>
          <p>{why}</p>
        </Alert>
        <Link
          to={paths.mentor(mentor.username)}
          className={buttonVariants({ variant: "secondary", className: "w-full" })}
        >
          {programmePage.others}
        </Link>
      </>
    );
  }
  const label = programmePage.book(sessionsOf(programme).length);
  return (
    <>
      {booking.problem && (
        <Alert tone="bad">
          <p>{booking.problem.detail}</p>
        </Alert>
      )}
      {me && (
        <Checkbox
          checked={showsName}
          onChange={(event) => setShowsName(event.target.checked)}
          label={groupSeat.showName}
          detail={groupSeat.showNameDetail}
        />
      )}
      {me ? (
        <Button size="lg" className="w-full" pending={booking.isPending} onClick={() => booking.run()}>
          {label}
        </Button>
      ) : (
        <Link
          to={paths.signIn(groupPaths.programme(mentor.username, id))}
          className={buttonVariants({ size: "lg", className: "w-full" })}
        >
          {label}
        </Link>
      )}
      <p className="text-sm text-ink-soft">{programmePage.bookLead}</p>
    </>
  );
}
