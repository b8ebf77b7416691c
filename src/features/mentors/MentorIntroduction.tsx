import { BadgeCheck, Languages } from "lucide-react";
import type { Mentor } from "#contract/mentors.ts";
import { approvalOf } from "#rules/approval.ts";
import { mentorFacts, mentorProfile } from "#words/mentors.ts";
import { ApprovalBadge } from "@/features/book/ApprovalBadge.tsx";
import { bookableServices } from "@/features/book/bookingStep.ts";
import { FavouriteButton } from "@/features/favourites/FavouriteButton.tsx";
import { Avatar } from "@/ui/Avatar.tsx";
import { Badge } from "@/ui/Badge.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { Rating } from "@/ui/Rating.tsx";
import { MentorClock } from "./MentorClock.tsx";

export function MentorIntroduction({ mentor }: { mentor: Mentor }) {
  return (
    <article className="min-w-0 space-y-8">
      <header className="flex flex-col gap-5 sm:flex-row sm:items-start sm:gap-6">
        <Avatar name={mentor.full_name} className="size-20 text-2xl sm:size-28 sm:text-4xl" />
        <div className="min-w-0 space-y-2.5">
          <PageHeading title={mentor.full_name}>
            <bdi>{mentor.full_name}</bdi>
            {mentor.verified && <BadgeCheck aria-hidden className="mb-1 ml-2 inline size-7 text-good" />}
          </PageHeading>
          {mentor.headline && <p className="text-lg text-ink-soft">{mentor.headline}</p>}
          <div className="flex flex-wrap items-center gap-x-5 gap-y-1.5">
            {mentor.verified && (
              <p className="text-sm font-semibold text-good">{mentorFacts.verifiedMentor}</p>
            )}
            <Rating {...mentor} />
            <Approval mentor={mentor} />
            <MentorClock timeZone={mentor.timezone} />
            {mentor.languages.length > 0 && (
              <p className="flex items-start gap-2 text-sm text-ink-soft">
                <Languages aria-hidden className="mt-0.5 size-4 shrink-0" />
                <span>{mentorFacts.speaks(mentor.languages.join(", "))}</span>
              </p>
            )}
          </div>
          <FavouriteButton mentor={mentor} withLabel />
        </div>
      </header>
      {mentor.expertise.length > 0 && (
        <section aria-labelledby="expertise">
          <h2 id="expertise" className="mb-2.5 text-heading">
            {mentorProfile.helpsWith}
          </h2>
          <ul className="flex flex-wrap gap-2">
            {mentor.expertise.map((name) => (
              <li key={name} className="max-w-full">
                <Badge tone="primary" className="px-3 py-1">
                  {name}
                </Badge>
              </li>
            ))}
          </ul>
        </section>
      )}
      {mentor.bio && (
        <section aria-labelledby="about">
          <h2 id="about" className="mb-2.5 text-heading">
            {mentorProfile.about}
          </h2>
          <p className="max-w-prose text-lg leading-relaxed whitespace-pre-line">{mentor.bio}</p>
        </section>
      )}
    </article>
  );
}

/** Shown here when it is the same for all services, and otherwise at each of them. */
function Approval({ mentor }: { mentor: Mentor }) {
  const [first, ...others] = bookableServices(mentor);
  if (!first) return null;
  const approval = approvalOf(mentor, first);
  const isSame = others.every((service) => approvalOf(mentor, service) === approval);
  return isSame && <ApprovalBadge mentor={mentor} service={first} />;
}
