/** The mentor's own services. All functions throw ApiProblem. */
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
