import { queryOptions } from "@tanstack/react-query";
import type { SlotAnswer } from "#contract/slots.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { getAvailableDays, type SlotSearch } from "@/services/bookingService.ts";

const HALF_MINUTE_MS = 30_000;

/**
 * The available times of a range of viewer-local dates, at most 62. Cached briefly, because others book too.
 * @param askFor username to send in place of the mentor's id, so that the request equals that of src/app/firstLoad/mentorPage.ts
 */
export const slotsQuery = (search: SlotSearch, { askFor = search.mentorId } = {}) =>
  queryOptions({
    queryKey: [...queryKeys.slots(search.mentorId), search],
    staleTime: HALF_MINUTE_MS,
    queryFn: async ({ signal }): Promise<SlotAnswer> => {
      const result = await getAvailableDays({ ...search, mentorId: askFor }, signal);
      if (!result.success) throw result.problem;
      return result.data;
    },
  });
