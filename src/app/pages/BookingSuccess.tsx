import { useQuery } from "@tanstack/react-query";
import { CalendarX } from "lucide-react";
import type { Booking } from "#contract/bookings.ts";
import { bookingOutcomes, bookingSuccess } from "#words/bookingSuccess.ts";
import { changePolicy } from "#words/bookings.ts";
import { links } from "#words/links.ts";
import { ownSeries } from "#words/ownSeries.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { BookedTogether } from "@/features/baskets/BookedTogether.tsx";
import { basketQuery } from "@/features/baskets/queries.ts";
import { AddToCalendar } from "@/features/bookings/addToCalendar/AddToCalendar.tsx";
import { BookingDetails } from "@/features/bookings/BookingDetails.tsx";
import { bookingQuery } from "@/features/bookings/queries.ts";
import { SessionStatus } from "@/features/bookings/SessionStatus.tsx";
import { seriesQuery } from "@/features/bookings/series/queries.ts";
import { hasPayment } from "@/features/payments/hasPayment.ts";
import { PaidNote } from "@/features/payments/PaidNote.tsx";
import { ApiProblem } from "@/lib/api.ts";
import { cn } from "@/lib/classNames.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link, Navigate, useSearchParams } from "@/lib/router/router.tsx";
import { seriesPath } from "@/lib/seriesPath.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `/booking-success?id=…`: shows the booking as it is now, also when it is opened later. */
export default function BookingSuccess() {
  const [search] = useSearchParams();
  const id = search.get("id") ?? "";
  if (!UUID.test(id)) return <NoSuchBooking />;
  return <RequireSignIn title={bookingSuccess.page}>{() => <BookingById id={id} />}</RequireSignIn>;
}

function BookingById({ id }: { id: string }) {
  const { data: booking, error, isPending, refetch } = useQuery(bookingQuery(id));
  if (isPending) return <PageLoading />;
  if (booking?.awaits_payment) return <Navigate to={paths.pay(id)} replace />;
  if (booking) return <BookingPage booking={booking} />;
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) return <NoSuchBooking />;
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={bookingSuccess.page} />
      <ProblemState title={bookingSuccess.failed} error={error} onRetry={refetch} />
    </div>
  );
}

/** Those that were booked with it, in the order of their starts; itself alone, if there are none. */
function useBookedTogether(booking: Booking) {
  const { basket_id: basketId, series_id: seriesId } = booking;
  const series = useQuery({ ...seriesQuery(seriesId ?? ""), enabled: seriesId !== null });
  const basket = useQuery({
    ...basketQuery(basketId ?? ""),
    enabled: seriesId === null && basketId !== null,
  });
  return series.data?.sessions ?? basket.data?.bookings ?? [booking];
}

function BookingPage({ booking }: { booking: Booking }) {
  const now = useNow();
  const timeZone = useViewerTimeZone();
  const together = useBookedTogether(booking);
  const { title, lead } = bookingOutcomes[booking.status];
  const heldUntil = formatDayAndTime(booking.expires_at ?? booking.starts_at, timeZone);
  return (
    <div className="page max-w-2xl py-10 sm:py-14">
      <SessionStatus booking={booking} as="student" now={now} />
      <PageHeading title={title} className="mt-3" />
      <p className="mt-2 text-lg text-ink-soft">
        {lead(firstName(booking.mentor.full_name), heldUntil)}
        {hasPayment(booking) && <PaidNote booking={booking} />}
      </p>
      <Card className="mt-6 px-5 sm:px-7">
        {together.length > 1 ? (
          <div className="py-4">
            <BookedTogether bookings={together} timeZone={timeZone} />
          </div>
        ) : (
          <BookingDetails booking={booking} />
        )}
        {booking.message && (
          <div className="border-t border-line py-4">
            <h2 className="text-sm text-ink-soft">{bookingSuccess.message}</h2>
            <p className="whitespace-pre-line">{booking.message}</p>
          </div>
        )}
      </Card>
      <div className="mt-6 flex flex-col gap-3 sm:flex-row">
        {booking.status !== "cancelled" && together.length === 1 && (
          <AddToCalendar booking={booking} as="student" variant="primary" size="lg" className="flex-1" />
        )}
        <Link
          to={booking.series_id === null ? paths.sessions() : seriesPath(booking.series_id)}
          className={cn(buttonVariants({ variant: "secondary", size: "lg" }), "flex-1")}
        >
          {booking.series_id === null ? links.sessions : ownSeries.all}
        </Link>
      </div>
      {(booking.status === "pending" || booking.status === "confirmed") && (
        <p className="mt-6 text-ink-soft">
          {changePolicy(booking)}{" "}
          <Link
            to={paths.session(booking.id)}
            className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
          >
            {booking.programme_id === null ? bookingSuccess.change : bookingSuccess.cancel}
          </Link>
        </p>
      )}
    </div>
  );
}

function NoSuchBooking() {
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={bookingSuccess.notFound} className="sr-only" />
      <EmptyState Icon={CalendarX} title={bookingSuccess.noSuchBooking}>
        <p>{bookingSuccess.whyNotFound}</p>
        <p className="flex flex-wrap justify-center gap-3">
          <Link to={paths.sessions()} className={buttonVariants()}>
            {links.sessions}
          </Link>
          <Link to={paths.home()} className={buttonVariants({ variant: "secondary" })}>
            {links.findMentor}
          </Link>
        </p>
      </EmptyState>
    </div>
  );
}
