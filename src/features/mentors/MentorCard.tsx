import { BadgeCheck, Languages } from "lucide-react";
import type { MentorSummary } from "#contract/mentors.ts";
import { moneyOf } from "#rules/money.ts";
import { mentorFacts } from "#words/mentors.ts";
import { FavouriteButton } from "@/features/favourites/FavouriteButton.tsx";
import { paths } from "@/lib/paths.ts";
import { preload } from "@/lib/preload.ts";
import { Link } from "@/lib/router/router.tsx";
import { Avatar } from "@/ui/Avatar.tsx";
import { Badge } from "@/ui/Badge.tsx";
import { Card } from "@/ui/Card.tsx";
import { Rating } from "@/ui/Rating.tsx";
import { LowestPrice } from "./LowestPrice.tsx";
import { MentorClock } from "./MentorClock.tsx";

const SHOWN_EXPERTISE = 3;

/** The link covers the whole card, except the heart. */
export function MentorCard({ mentor }: { mentor: MentorSummary }) {
  const address = paths.mentor(mentor.username);
  const more = mentor.expertise.length - SHOWN_EXPERTISE;
  return (
    <Card className="group relative flex h-full flex-col gap-4 p-5 transition-[box-shadow,transform,border-color] hover:-translate-y-0.5 hover:border-primary hover:shadow-lift has-focus-visible:border-primary">
      <div className="flex gap-4">
        <Avatar name={mentor.full_name} className="size-14 text-lg" />
        <div className="min-w-0 flex-1 pr-7">
          <h3 className="text-heading">
            <Link
              to={address}
              onPointerEnter={() => preload(address)}
              onFocus={() => preload(address)}
              className="after:absolute after:inset-0 after:rounded-card"
            >
              <bdi>{mentor.full_name}</bdi>
            </Link>
            {mentor.verified && (
              <BadgeCheck
                role="img"
                aria-label={mentorFacts.verified}
                className="mb-1 ml-1.5 inline size-5 text-good"
              />
            )}
          </h3>
          <p className="mt-0.5 line-clamp-2 text-ink-soft">{mentor.headline}</p>
        </div>
      </div>
      <FavouriteButton mentor={mentor} className="absolute top-2 right-2 z-10" />
      {mentor.expertise.length > 0 && (
        <ul aria-label={mentorFacts.expertise} className="flex flex-wrap gap-1.5">
          {mentor.expertise.slice(0, SHOWN_EXPERTISE).map((name) => (
            <li key={name} className="max-w-full">
              <Badge tone="primary">{name}</Badge>
            </li>
          ))}
          {more > 0 && (
            <li>
              <Badge>{mentorFacts.moreExpertise(more)}</Badge>
            </li>
          )}
        </ul>
      )}
      <div className="mt-auto space-y-1.5">
        <MentorClock timeZone={mentor.timezone} />
        {mentor.languages.length > 0 && (
          <p className="flex items-start gap-2 text-sm text-ink-soft">
            <Languages aria-hidden className="mt-0.5 size-4 shrink-0" />
            {mentorFacts.speaks(mentor.languages.join(", "))}
          </p>
        )}
      </div>
      <div className="flex items-baseline justify-between gap-3 border-t border-line pt-3">
        <FromPrice mentor={mentor} />
        <Rating {...mentor} />
      </div>
    </Card>
  );
}

function FromPrice({ mentor }: { mentor: MentorSummary }) {
  if (!mentor.accepting_bookings) return <p className="text-sm text-ink-soft">{mentorFacts.paused}</p>;
  if (mentor.from_price === null) return <p className="text-sm text-ink-soft">{mentorFacts.noSessions}</p>;
  return (
    <p className="text-ink-soft">
      <LowestPrice price={moneyOf(mentor.from_price, mentor.currency ?? "INR")} />
    </p>
  );
}
