/** Queries of the page of one session, by login or by link. Their results are cached apart. */

import { queryOptions } from "@tanstack/react-query";
import type { SlotAnswer } from "#contract/slots.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import type { DateRange } from "@/lib/months.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { type SessionAccess, sessionKey } from "@/lib/sessionAccess.ts";
import { readHistory, readSession, readSessionTimes } from "./api.ts";

const HALF_MINUTE_MS = 30_000;

export const sessionQuery = (access: SessionAccess) =>
  queryOptions({
    queryKey: sessionKey(access),
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ signal }) => readSession(access, signal),
  });

export const historyQuery = (access: SessionAccess) =>
  queryOptions({
    queryKey: [...sessionKey(access), "events"],
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ signal }) => readHistory(access, signal),
  });

/**
 * The times a session can move to, for one of its two people; invalidated with all other free times of its mentor.
 * A student sees a travelling mentor's zone beside each time; the mentor sees the student's zone there.
 */
export const sessionTimesQuery = (
  access: SessionAccess,
  { mentorId, role }: { mentorId: string; role: BookingRole },
  question: DateRange & { timezone: string },
) =>
  queryOptions({
    queryKey: [...queryKeys.slots(mentorId), "around", access, role, question],
    staleTime: HALF_MINUTE_MS,
    queryFn: async ({ signal }) => {
      const answer = await readSessionTimes(access, question, signal);
      return role === "mentor" ? withoutMentorZones(answer) : answer;
    },
  });

function withoutMentorZones(answer: SlotAnswer): SlotAnswer {
  const days = answer.days.map((day) => ({
    ...day,
    slots: day.slots.map(({ mentor_timezone: _, ...slot }) => slot),
  }));
  return { ...answer, days };
}
