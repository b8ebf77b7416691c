/** A mentor's services, as a thin client of the API. Everything here throws ApiProblem when it is refused. */
import type { CreateService, Service, UpdateService } from "#contract/services.ts";
import { api } from "@/lib/api.ts";

export function addService(service: CreateService): Promise<Service> {
  return api.post("/api/v1/mentors/me/services", service);
}

export function changeService(id: string, change: UpdateService): Promise<Service> {
  return api.patch(`/api/v1/mentors/me/services/${encodeURIComponent(id)}`, change);
}

export function removeService(id: string): Promise<null> {
  return api.delete(`/api/v1/mentors/me/services/${encodeURIComponent(id)}`);
}
