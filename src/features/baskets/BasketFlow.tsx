import { useEffect } from "react";
import type { CreateBasket } from "#contract/baskets.ts";
import { formatInstant, parseInstant } from "#scheduling/units.ts";
import type { BookTogetherProps } from "@/features/book/timeAsides.ts";
import { serverNow } from "@/lib/clock/serverClock.ts";
import { createBasket } from "./api.ts";
import { inOrder, isSameKind, readSlots, type TogetherSession, whatOf, writeSlots } from "./basketSlots.ts";
import { RefusedTime, RefusedTimes, refusedAt } from "./RefusedTimes.tsx";
import { SessionTimesList } from "./SessionTimesList.tsx";
import { TogetherSteps } from "./TogetherSteps.tsx";
import { isRecorded } from "./togetherPrice.ts";

const aside = { name: "basket" } as const;

/** The last steps of several times that are booked at once. */
export function BasketFlow({
  mentor,
  step,
  address,
  draft,
  timeZone,
}: BookTogetherProps & { timeZone: string }) {
  const { startsAt, choice } = step;
  const others = readSlots(step.also, mentor, serverNow().getTime()).filter(
    (other) => other.startsAt !== startsAt,
  );
  const sessions = inOrder(startsAt === null ? others : [...others, { choice, startsAt }]);

  const changeTo = (next: readonly TogetherSession[]) => {
    const last = next.at(-1);
    if (!last) return address.goBack("time");
    const chosen = {
      serviceId: last.choice.service.id,
      minutes: last.choice.minutes,
      startsAt: last.startsAt,
      also: writeSlots(next.slice(0, -1)),
    };
    // A single time is booked by the usual step.
    return next.length === 1 ? address.choose(chosen) : address.choose(chosen, aside);
  };
  const isBasket = sessions.length > 1;
  useEffect(() => {
    if (!isBasket) void changeTo(sessions);
  });
  if (!isBasket) return null;
  return (
    <TogetherSteps
      {...{ mentor, address, draft, aside, timeZone, sessions }}
      part={step.part}
      prepare={(request, { addRecording }) => {
        const body: CreateBasket = {
          ...request,
          slots: sessions.map((session) => ({
            session_type: session.choice.service.session_type,
            service_id: session.choice.service.id,
            duration: session.choice.minutes,
            starts_at: formatInstant(session.startsAt),
            add_recording: isRecorded(session, addRecording),
          })),
        };
        return { body, book: async (key) => (await createBasket(body, key)).bookings };
      }}
      onRefused={() => undefined}
      onBooked={() => undefined}
      notice={(refusal) => {
        const refused = sessions.filter((session) => refusedAt(refusal, session.startsAt));
        return (
          refused.length > 0 && (
            <RefusedTimes many={refused.length}>
              {refused.map((session) => {
                const rest = sessions.filter((other) => other !== session);
                return (
                  <RefusedTime
                    key={session.startsAt}
                    refused={refusedAt(refusal, session.startsAt)!}
                    timeZone={timeZone}
                    onReplace={(start) =>
                      changeTo(inOrder([...rest, { ...session, startsAt: parseInstant(start) }]))
                    }
                    onLeaveOut={() => changeTo(rest)}
                  />
                );
              })}
            </RefusedTimes>
          )
        );
      }}
      list={
        <SessionTimesList
          mentorName={mentor.full_name}
          timeZone={timeZone}
          sessions={sessions.map((session) => ({
            startsAt: session.startsAt,
            mentorTimeZone: mentor.timezone,
            what: sessions.every((other) => isSameKind(other, session)) ? undefined : whatOf(session),
          }))}
        />
      }
    />
  );
}
