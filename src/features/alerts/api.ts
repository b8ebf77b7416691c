/** Alerts. All functions throw ApiProblem. */
import type { AvailabilityAlert, CreateAvailabilityAlert } from "#contract/alerts.ts";
import { api } from "@/lib/api.ts";

export function createAlert(alert: CreateAvailabilityAlert): Promise<AvailabilityAlert> {
  return api.post("/api/v1/availability-alerts", alert);
}

export function deleteAlert(id: string): Promise<null> {
  return api.delete(`/api/v1/availability-alerts/${encodeURIComponent(id)}`);
}
