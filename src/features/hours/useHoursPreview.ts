import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { OwnHours } from "#contract/hours.ts";
import { addDays } from "#scheduling/dates.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { previewHours } from "./api.ts";
import { type HoursDrafts, toPreviewRequest } from "./hoursDraft.ts";

/** Days that the preview shows at once. */
const PREVIEW_DAYS = 7;
/** Long enough for a time to be typed. */
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

/** What students would be offered if everything that is typed were saved: asked of the engine itself, writing nothing. */
export function useHoursPreview({ mentorId, hours, drafts, today, from, duration }: PreviewQuestion) {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(from);
  const wish = {
    ...toPreviewRequest(hours, drafts, today),
    from,
    to: isDate ? addDays(from, PREVIEW_DAYS - 1) : from,
    duration,
    timezone: hours.timezone,
  };
  // As text, since the wish is made anew with every drawing.
  const asked = useDebounced(JSON.stringify(wish), REST_MS);
  return useQuery({
    // Below the slots of this mentor: what makes those anew makes the preview anew. The revision: hours saved elsewhere.
    queryKey: [...queryKeys.slots(mentorId), "preview", hours.hours_revision, asked],
    queryFn: ({ signal }) => previewHours(JSON.parse(asked), signal),
    enabled: isDate,
    placeholderData: keepPreviousData,
    retry: false,
  });
}
