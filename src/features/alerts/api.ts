/** Waiting for a time, as a thin client of the API. Everything here throws ApiProblem when it is refused. */
import type { AvailabilityAlert, CreateAvailabilityAlert } from "#contract/alerts.ts";
import { api } from "@/lib/api.ts";

export function waitForTime(alert: CreateAvailabilityAlert): Promise<AvailabilityAlert> {
  return api.post("/api/v1/availability-alerts", alert);
}

export function deleteAlert(id: string): Promise<null> {
  return api.delete(`/api/v1/availability-alerts/${encodeURIComponent(id)}`);
}
