import { CalendarX } from "lucide-react";
import { Link, useParams } from "react-router";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { SessionLoader } from "@/features/bookings/page/SessionLoader.tsx";
import { paths } from "@/lib/paths.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";

/** `/sessions/:id`, for its student and its mentor. */
export default function Session() {
  const { id = "" } = useParams();
  return (
    <RequireSignIn title="Your session">
      {(me) => (
        <SessionLoader
          key={id}
          access={{ bookingId: id }}
          roleIn={(booking) => (booking.expert_id === me.id ? "mentor" : "student")}
          missing={<NoSuchSession />}
        />
      )}
    </RequireSignIn>
  );
}

function NoSuchSession() {
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title="Session not found" className="sr-only" />
      <EmptyState Icon={CalendarX} title="We cannot find this session">
        <p>The address may be incomplete, or the session belongs to another account.</p>
        <Link to={paths.sessions()} className={buttonVariants()}>
          Go to my sessions
        </Link>
      </EmptyState>
    </div>
  );
}
