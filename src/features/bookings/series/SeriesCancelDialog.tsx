import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { Series } from "#contract/series.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { decimalOf } from "#rules/money.ts";
import { controls } from "#words/controls.ts";
import { ownSeries, cancelSeries as words } from "#words/ownSeries.ts";
import { notified } from "#words/sessions.ts";
import { useCancelSession } from "@/features/bookings/useCancelSession.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { formatAmount } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { Dialog, DialogBody } from "@/ui/Dialog.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import { cancelSeries } from "./api.ts";
import { seriesQuery } from "./queries.ts";
import { ScopeChoice } from "./ScopeChoice.tsx";
import { refundOf, type Scope, scopesOf } from "./seriesFacts.ts";

type SeriesCancelDialogProps = {
  seriesId: string;
  /** The session that was chosen; left out: all that are left. */
  booking?: Booking;
  as: BookingRole;
  timeZone: string;
  onClose: () => void;
  focusAfter: () => void;
};

/** Cancels a session of a series, it and the later ones, or all that are left. What goes back is said first. */
export function SeriesCancelDialog(props: SeriesCancelDialogProps) {
  const series = useQuery({ ...seriesQuery(props.seriesId), refetchOnMount: "always" });
  if (series.data) return <Loaded {...props} series={series.data} />;
  return (
    <Dialog open onClose={props.onClose} title={words.title}>
      <DialogBody>
        {series.error ? (
          <ProblemState title={ownSeries.failed} error={series.error} onRetry={series.refetch} />
        ) : (
          <Loading>{controls.loading}</Loading>
        )}
      </DialogBody>
    </Dialog>
  );
}

function Loaded({
  series,
  booking,
  as,
  timeZone,
  onClose,
  focusAfter,
}: SeriesCancelDialogProps & { series: Series }) {
  const queryClient = useQueryClient();
  const now = useNow().getTime();
  const place = booking?.series_place ?? 1;
  const all = scopesOf(series, place, "can_cancel", now);
  const scopes = booking ? all : all.slice(-1);
  const [wanted, setWanted] = useState<Scope["name"]>("one");
  const scope = scopes.find(({ name }) => name === wanted) ?? scopes[0]!;
  const cancelOne = useCancelSession({ bookingId: booking?.id ?? "" }, series.expert_id);
  const other = firstName(as === "student" ? series.mentor.full_name : series.student_name);

  const cancel = async (reason: string) => {
    const many = scope.sessions.length;
    if (scope.name === "one" && booking) await cancelOne(reason);
    else {
      const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
      const refund = decimalOf(refundOf(scope.sessions).refund);
      const wish = { from_place: scope.fromPlace, refund, ...(reason && { reason }) };
      await refreshIfRefused(cancelSeries(series.id, wish), refresh);
      await refresh();
      void queryClient.invalidateQueries({ queryKey: queryKeys.slots(series.expert_id) });
    }
    toast.success(words.done(many), { description: notified(other) });
  };
  return (
    <ReasonDialog
      title={words.title}
      recipient={other}
      keepLabel={words.keep}
      confirmLabel={words.confirm(scope.sessions.length)}
      onClose={onClose}
      onConfirm={cancel}
      focusAfter={focusAfter}
    >
      <p className="mb-3 text-lg font-bold">
        {series.service_title}
        {booking && <> · {formatDayAndTime(booking.starts_at, timeZone)}</>}
      </p>
      {scopes.length > 1 ? (
        <ScopeChoice
          scopes={scopes}
          value={scope.name}
          onChange={setWanted}
          detail={(each) => <GoesBack scope={each} />}
        />
      ) : (
        <p className="font-semibold">
          <GoesBack scope={scope} />
        </p>
      )}
      <p className="mt-3 text-ink-soft">{words.consequence}</p>
    </ReasonDialog>
  );
}

/** What the student gets back, and what it is too late for. */
function GoesBack({ scope: { sessions, left } }: { scope: Scope }) {
  const { refund, credits } = refundOf(sessions);
  const isPaid = sessions.some(({ payment_status }) => payment_status === "completed");
  const parts = [
    refund.minor > 0 && words.refund(formatAmount(refund)),
    credits > 0 && words.credits(credits),
    refund.minor === 0 && credits === 0 && isPaid && words.noRefund,
  ].filter(Boolean);
  return (
    <>
      {parts.join(", ")}
      {left > 0 && <span className="block font-normal">{words.tooLate(left)}</span>}
    </>
  );
}
