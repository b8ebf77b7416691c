import type { CancelSeries, RescheduleSeries, SeriesChanged } from "#contract/series.ts";
import { api } from "@/lib/api.ts";

/** Cancels a session and all later ones, each by its own terms. @throws ApiProblem */
export function cancelSeries(id: string, wanted: CancelSeries): Promise<SeriesChanged> {
  return api.post(`${pathOf(id)}/cancel`, wanted);
}

/** Moves a session and all later ones by as much. @throws ApiProblem */
export function rescheduleSeries(id: string, wanted: RescheduleSeries): Promise<SeriesChanged> {
  return api.post(`${pathOf(id)}/reschedule`, wanted);
}

/** Approves all requests of a series. @throws ApiProblem */
export function confirmSeries(id: string): Promise<SeriesChanged> {
  return api.post(`${pathOf(id)}/confirm`);
}

function pathOf(id: string): string {
  return `/api/v1/series/${encodeURIComponent(id)}`;
}
