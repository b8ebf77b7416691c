import { useQuery } from "@tanstack/react-query";
import { CalendarPlus, CalendarX } from "lucide-react";
import { Link, useSearchParams } from "react-router";
import type { Booking } from "#contract/bookings.ts";
import { windowHours } from "#rules/windows.ts";
import { changePolicy } from "#words/bookings.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { BookingFacts } from "@/features/bookings/BookingFacts.tsx";
import { BookingStatus } from "@/features/bookings/BookingStatus.tsx";
import { bookingQuery } from "@/features/bookings/queries.ts";
import { ApiProblem } from "@/lib/api.ts";
import { cn } from "@/lib/classNames.ts";
import { downloads, paths } from "@/lib/paths.ts";
import { formatShortDay, formatTime } from "@/lib/time.ts";
import { firstName } from "@/lib/words.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `/booking-success?id=…`, also the page one bookmarks: it shows the booking as it is now. */
export default function BookingSuccess() {
  const [search] = useSearchParams();
  const id = search.get("id") ?? "";
  if (!UUID.test(id)) return <NoSuchBooking />;
  return <RequireSignIn title="Your booking">{() => <BookingById id={id} />}</RequireSignIn>;
}

function BookingById({ id }: { id: string }) {
  const { data: booking, error, isPending, refetch } = useQuery(bookingQuery(id));
  if (isPending) return <PageLoading />;
  if (booking) return <BookingPage booking={booking} />;
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) return <NoSuchBooking />;
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title="Your booking" />
      <ProblemState title="We could not load this booking" error={error} onRetry={refetch} />
    </div>
  );
}

function BookingPage({ booking }: { booking: Booking }) {
  const { title, lead } = wordsFor(booking, useViewerTimeZone());
  return (
    <div className="page max-w-2xl py-10 sm:py-14">
      <BookingStatus booking={booking} />
      <PageHeading title={title} className="mt-3" />
      <p className="mt-2 text-lg text-ink-soft">{lead}</p>
      <Card className="mt-6 px-5 sm:px-7">
        <BookingFacts booking={booking} />
        {booking.message && (
          <div className="border-t border-line py-4">
            <h2 className="text-sm text-ink-soft">What you wrote</h2>
            <p className="whitespace-pre-line">{booking.message}</p>
          </div>
        )}
      </Card>
      <div className="mt-6 flex flex-col gap-3 sm:flex-row">
        {booking.status !== "cancelled" && (
          <a
            href={downloads.calendar(booking.id)}
            download
            className={cn(buttonVariants({ size: "lg" }), "flex-1")}
          >
            <CalendarPlus aria-hidden className="size-5" />
            Add to Calendar
          </a>
        )}
        <Link
          to={paths.sessions()}
          className={cn(buttonVariants({ variant: "secondary", size: "lg" }), "flex-1")}
        >
          Go to my sessions
        </Link>
      </div>
      {(booking.status === "pending" || booking.status === "confirmed") && (
        <p className="mt-6 text-ink-soft">
          {changePolicy(booking)}{" "}
          <Link
            to={paths.session(booking.id)}
            className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
          >
            Change of plans?
          </Link>
        </p>
      )}
    </div>
  );
}

function wordsFor(booking: Booking, timeZone: string): { title: string; lead: string } {
  const mentor = firstName(booking.mentor.full_name);
  switch (booking.status) {
    case "pending":
      return {
        title: "Your request is in",
        lead: `${mentor} replies within ${windowHours.requestAnswer} h. The time is held for you until ${until(booking, timeZone)}.`,
      };
    case "confirmed":
      return { title: "You are booked", lead: `${mentor} is looking forward to meeting you.` };
    case "completed":
      return {
        title: "This session is done",
        lead: `We hope it helped. You can book ${mentor} again at any time.`,
      };
    case "cancelled":
      return {
        title: "This session was cancelled",
        lead: "The time is free again, and nothing more will happen.",
      };
    default:
      return booking.status satisfies never;
  }
}

/** When an unanswered request lapses. */
function until({ expires_at, starts_at }: Booking, timeZone: string): string {
  const at = expires_at ?? starts_at;
  return `${formatShortDay(at, timeZone)}, ${formatTime(at, timeZone)}`;
}

function NoSuchBooking() {
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title="Booking not found" className="sr-only" />
      <EmptyState Icon={CalendarX} title="We cannot find this booking">
        <p>The address may be incomplete, or the booking belongs to another account.</p>
        <p className="flex flex-wrap justify-center gap-3">
          <Link to={paths.sessions()} className={buttonVariants()}>
            Go to my sessions
          </Link>
          <Link to={paths.home()} className={buttonVariants({ variant: "secondary" })}>
            Find a mentor
          </Link>
        </p>
      </EmptyState>
    </div>
  );
}
