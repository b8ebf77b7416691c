import { CalendarX } from "lucide-react";
import { lazy, Suspense } from "react";
import { links } from "#words/links.ts";
import { ownSeries } from "#words/ownSeries.ts";
import { missingSession, sessionPage } from "#words/sessionPage.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { SessionLoader } from "@/features/bookings/page/SessionLoader.tsx";
import { paths } from "@/lib/paths.ts";
import { Link, useParams, useSearchParams } from "@/lib/router/router.tsx";
import { seriesQuery } from "@/lib/seriesPath.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";

const SeriesLoader = lazy(() =>
  import("@/features/bookings/series/SeriesView.tsx").then((file) => ({ default: file.SeriesLoader })),
);

/** `/sessions/:id`, for its student and its mentor; `/sessions/:id?series` for a series with all of its sessions. */
export default function Session() {
  const { id = "" } = useParams();
  const [search] = useSearchParams();
  if (search.has(seriesQuery)) {
    return (
      <RequireSignIn title={ownSeries.title}>
        {(me) => (
          <Suspense fallback={<PageLoading />}>
            <SeriesLoader key={id} id={id} userId={me.id} />
          </Suspense>
        )}
      </RequireSignIn>
    );
  }
  return (
    <RequireSignIn title={sessionPage.title}>
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
      <PageHeading title={missingSession.title} className="sr-only" />
      <EmptyState Icon={CalendarX} title={missingSession.heading}>
        <p>{missingSession.text}</p>
        <Link to={paths.sessions()} className={buttonVariants()}>
          {links.sessions}
        </Link>
      </EmptyState>
    </div>
  );
}
