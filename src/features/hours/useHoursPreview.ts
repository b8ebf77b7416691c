import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { OwnHours } from "#contract/ownHours.ts";
import { addDays, readDate } from "#scheduling/dates.ts";
import type { LocalDate, Minutes } from "#scheduling/units.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import type { TypedDate } from "@/lib/time.ts";
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
  today: LocalDate;
  /** First day shown, on the mentor's clock. */
  from: TypedDate;
  duration: Minutes;
};

/** The slots that students would be offered if all drafts were saved, computed by the server's engine without saving. */
export function useHoursPreview({ mentorId, hours, drafts, today, from, duration }: PreviewQuestion) {
  const first = readDate(from);
  const request = {
    ...toPreviewRequest(hours, drafts, today),
    from,
    to: first === null ? from : addDays(first, PREVIEW_DAYS - 1),
    duration,
    timezone: hours.timezone,
  };
  // As text, because the request is a new object in every render.
  const asked = useDebounced(JSON.stringify(request), REST_MS);
  return useQuery({
    // Below the slots of this mentor, to be invalidated with them; the revision covers hours saved elsewhere.
    queryKey: [...queryKeys.slots(mentorId), "preview", hours.hours_revision, asked],
    queryFn: ({ signal }) => previewHours(JSON.parse(asked), signal),
    enabled: first !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}
