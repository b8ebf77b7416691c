import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { OwnHours } from "#contract/hours.ts";
import { addDays } from "#scheduling/dates.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { previewHours } from "./api.ts";
import { type HoursDrafts, toPreviewRequest } from "./hoursDraft.ts";

/** How many days the preview shows. */
const PREVIEW_DAYS = 7;
/** Long enough to type a time. */
const REST_MS = 350;

type PreviewQuestion = {
  mentorId: string;
  hours: OwnHours;
  drafts: HoursDrafts;
  today: string;
  /** First day shown, on the mentor's clock. */
  from: string;
  duration: number;
};

/** The slots that students would be offered if all drafts were saved, computed by the server's engine without saving. */
export function useHoursPreview({ mentorId, hours, drafts, today, from, duration }: PreviewQuestion) {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(from);
  const request = {
    ...toPreviewRequest(hours, drafts, today),
    from,
    to: isDate ? addDays(from, PREVIEW_DAYS - 1) : from,
    duration,
    timezone: hours.timezone,
  };
  // As text, because the request is a new object in every render.
  const asked = useDebounced(JSON.stringify(request), REST_MS);
  return useQuery({
    // Below the slots of this mentor, to be invalidated with them; the revision covers hours saved elsewhere.
    queryKey: [...queryKeys.slots(mentorId), "preview", hours.hours_revision, asked],
    queryFn: ({ signal }) => previewHours(JSON.parse(asked), signal),
    enabled: isDate,
    placeholderData: keepPreviousData,
    retry: false,
  });
}
