import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { moneyOf } from "#rules/money.ts";
import { mentorProfile } from "#words/mentors.ts";
import { TimeAside } from "@/app/lazyTimeAside.ts";
import { useMe } from "@/features/accounts/me.ts";
import { BookingDialog, preloadBooking } from "@/features/book/lazyBookingDialog.ts";
import { useBookingAddress } from "@/features/book/useBookingAddress.ts";
import { LowestPrice } from "@/features/mentors/LowestPrice.tsx";
import { MentorIntroduction } from "@/features/mentors/MentorIntroduction.tsx";
import { MentorProfileSkeleton } from "@/features/mentors/MentorProfileSkeleton.tsx";
import { NotTakingBookings } from "@/features/mentors/NotTakingBookings.tsx";
import { ServiceList } from "@/features/services/ServiceList.tsx";
import { ApiProblem } from "@/lib/api.ts";
import { cn } from "@/lib/classNames.ts";
import { useFirstViewEnd } from "@/lib/firstView.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { mentorQuery } from "@/lib/mentorQuery.ts";
import { useParams, useSearchParams } from "@/lib/router/router.tsx";
import { Button } from "@/ui/Button.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";

const ReviewList = lazyPart(() =>
  import("@/features/reviews/ReviewList.tsx").then((file) => file.ReviewList),
);

// Behind the booking dialog there is no need of them.
const parts = () => import("@/app/mentorPageParts.ts");
const CurrentUsername = lazyPart(() => parts().then((file) => file.CurrentUsername));
const NoSuchMentor = lazyPart(() => parts().then((file) => file.NoSuchMentor));
const OwnPageActions = lazyPart(() => parts().then((file) => file.OwnPageActions));
const MentorPageNotice = lazyPart(() => parts().then((file) => file.MentorPageNotice));
const MoreOffers = lazyPart(() => parts().then((file) => file.MoreOffers));

const stickyBar =
  "sticky bottom-0 z-20 -mx-[clamp(1rem,4vw,2rem)] border-t border-line bg-surface px-4 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] shadow-sheet";

export default function MentorProfile() {
  const { username = "" } = useParams();
  const { data: mentor, error, isPending, refetch } = useQuery(mentorQuery(username));
  const [search] = useSearchParams();
  useFirstViewEnd(!isPending && (!mentor || !search.has("book")));
  if (isPending) return <MentorProfileSkeleton />;
  if (mentor) {
    return (
      <>
        {mentor.username !== username && (
          <Suspense>
            <CurrentUsername mentor={mentor} />
          </Suspense>
        )}
        <Profile key={mentor.id} mentor={mentor} />
      </>
    );
  }
  if (error instanceof ApiProblem && error.status === 404) return <NoSuchMentor />;
  return (
    <div className="page space-y-8 py-12">
      <PageHeading title={mentorProfile.page} className="sr-only" />
      <ProblemState title={mentorProfile.failed} error={error} onRetry={refetch} />
    </div>
  );
}

function Profile({ mentor }: { mentor: Mentor }) {
  const { data: me } = useMe();
  const address = useBookingAddress();
  const [search] = useSearchParams();
  const isOwn = me?.id === mentor.id;
  // Mentors who open the booking dialog on their own page see it as students do.
  const isPreview = isOwn && (search.get("as") === "student" || address.requested !== null);
  const isEdited = isOwn && !isPreview;
  const services = mentor.services.filter((service) => service.enabled);
  const lowest = Math.min(...services.flatMap((service) => service.durations.map(({ price }) => price)));
  const opens = {
    onClick: () => address.open(),
    onPointerEnter: preloadBooking,
    onFocus: preloadBooking,
  };
  const ownActions = (className: string) => (
    <Suspense
      fallback={
        <div className={className}>
          <Skeleton className="h-11" />
        </div>
      }
    >
      <OwnPageActions username={mentor.username} className={className} />
    </Suspense>
  );
  return (
    <div className="page grid gap-10 pt-8 pb-12 lg:grid-cols-[1fr_22rem] lg:items-start lg:pt-12">
      <div className="min-w-0 space-y-8">
        <Suspense fallback={null}>
          {isOwn && <MentorPageNotice mentor={mentor} isPreview={isPreview} />}
        </Suspense>
        <MentorIntroduction mentor={mentor} />
        {mentor.review_count > 0 && (
          <section aria-labelledby="reviews">
            <h2 id="reviews" className="mb-4 text-heading">
              {mentorProfile.reviews}
            </h2>
            <Suspense fallback={<Skeleton className="h-40 w-full" />}>
              <ReviewList mentorId={mentor.id} mentorName={mentor.full_name} empty={null} />
            </Suspense>
          </section>
        )}
      </div>
      <aside aria-labelledby="services" className="space-y-4 lg:sticky lg:top-24">
        <h2 id="services" className="text-heading">
          {mentorProfile.sessions}
        </h2>
        {isEdited && ownActions("max-lg:hidden")}
        {!isEdited && !mentor.accepting_bookings && <NotTakingBookings mentor={mentor} />}
        {!isEdited && mentor.accepting_bookings && services.length > 0 && (
          <Button size="lg" {...opens} className="w-full max-lg:hidden">
            {mentorProfile.book}
          </Button>
        )}
        <ServiceList mentor={mentor} services={services} onChoose={isEdited ? null : address.open} />
        {!address.requested && (
          <Suspense fallback={null}>
            <MoreOffers mentor={mentor} />
          </Suspense>
        )}
      </aside>
      {isEdited && ownActions(cn(stickyBar, "lg:hidden"))}
      {!isEdited && mentor.accepting_bookings && services.length > 0 && (
        <div className={cn("flex items-center gap-4 lg:hidden", stickyBar)}>
          <p className="min-w-0 text-sm text-ink-soft">
            <LowestPrice price={moneyOf(lowest, "INR")} className="block leading-tight" />
          </p>
          <Button {...opens} className="ml-auto max-w-80 flex-1">
            {mentorProfile.book}
          </Button>
        </div>
      )}
      {address.wasOpened && (
        <Suspense fallback={null}>
          <BookingDialog mentor={mentor} Aside={TimeAside} address={address} isPreview={isOwn} />
        </Suspense>
      )}
    </div>
  );
}
