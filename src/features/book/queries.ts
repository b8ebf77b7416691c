import { queryOptions } from "@tanstack/react-query";
import type { SlotAnswer } from "#contract/slots.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { getAvailableDays, type SlotQuestion } from "@/services/bookingService.ts";

const HALF_MINUTE_MS = 30_000;

/**
 * The free times of a range of viewer-local dates, at most 62 of them. Short-lived: others book too.
 * @param askFor the mentor's username, of which the API takes the id as well: see src/app/firstLoad/mentorData.ts
 */
export const slotsQuery = (question: SlotQuestion, { askFor = question.mentorId } = {}) =>
  queryOptions({
    queryKey: [...queryKeys.slots(question.mentorId), question],
    staleTime: HALF_MINUTE_MS,
    queryFn: async ({ signal }): Promise<SlotAnswer> => {
      const result = await getAvailableDays({ ...question, mentorId: askFor }, signal);
      if (!result.success) throw result.problem;
      return result.data;
    },
  });
