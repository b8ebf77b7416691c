import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import type { Service } from "#contract/services.ts";
import { asMinutes } from "#scheduling/units.ts";
import { sessionLength } from "#words/durations.ts";
import { firstTimes } from "#words/onboarding.ts";
import { slotsQuery } from "@/features/book/queries.ts";
import { ownServicesQuery } from "@/features/services/queries.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { addDays, formatShortDay, formatTime, todayIn } from "@/lib/time.ts";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { TimeZoneNote } from "@/ui/TimeZoneNote.tsx";
import { withElements } from "@/ui/withElements.tsx";

const SHOWN = 4;
const LOOK_AHEAD_DAYS = 27;

/** The first times that students are offered, in the mentor's time zone. */
export function FirstFreeTimes({ profile }: { profile: MentorProfile }) {
  const services = useQuery(ownServicesQuery(profile.id));
  const service = services.data?.find(({ enabled }) => enabled);
  return service ? <Times profile={profile} service={service} /> : null;
}

function Times({ profile, service }: { profile: MentorProfile; service: Service }) {
  const id = useId();
  const { timezone } = profile;
  const from = todayIn(timezone, useNow());
  const duration = service.durations[0]?.minutes ?? asMinutes(60);
  const slots = useQuery(
    slotsQuery({
      mentorId: profile.id,
      from,
      to: addDays(from, LOOK_AHEAD_DAYS),
      duration,
      timezone,
      serviceId: service.id,
    }),
  );
  const first = slots.data?.days.flatMap((day) => day.slots).slice(0, SHOWN);
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="font-bold">
        {firstTimes.title}
      </h3>
      <p className="mb-2 text-sm text-ink-soft">
        {withElements(firstTimes.service, {
          service: service.title,
          length: sessionLength(duration),
          timeZone: <TimeZoneNote timeZone={timezone} />,
        })}
      </p>
      {slots.error ? (
        <ProblemState title={firstTimes.failed} error={slots.error} onRetry={slots.refetch} />
      ) : first?.length === 0 ? (
        <p role="status">{firstTimes.none}</p>
      ) : (
        <ul className="grid grid-cols-2 gap-2 sm:grid-cols-4">
          {first
            ? first.map(({ starts_at }) => (
                <li
                  key={starts_at}
                  className="rounded-control border border-line bg-sunken px-3 py-2 text-center"
                >
                  <span className="block text-sm text-ink-soft">{formatShortDay(starts_at, timezone)}</span>
                  <span className="font-semibold tabular-nums">{formatTime(starts_at, timezone)}</span>
                </li>
              ))
            : [1, 2, 3, 4].map((key) => <Skeleton key={key} className="h-15 rounded-control" />)}
        </ul>
      )}
    </section>
  );
}
