/** Calls of the API about what a mentor has done to a session in their calendar. Each throws ApiProblem when refused. */
import { queryOptions } from "@tanstack/react-query";
import type { AnswerEntryQuestion, EntryQuestion, OpenEntryQuestion } from "#contract/sessionEntries.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

const path = (bookingId: string) => `/api/v1/bookings/${encodeURIComponent(bookingId)}/entry-question`;

/** Below the booking, whose changes end the question. */
export const entryQuestionQuery = (bookingId: string) =>
  queryOptions({
    queryKey: [...queryKeys.booking(bookingId), "entry-question"],
    queryFn: async ({ signal }): Promise<EntryQuestion | null> =>
      (await api.get<OpenEntryQuestion>(path(bookingId), { signal })).data,
  });

export function answerEntryQuestion(bookingId: string, answer: AnswerEntryQuestion): Promise<null> {
  return api.post(`${path(bookingId)}/answer`, answer);
}
