/** What a mentor changes, as a thin client of the API. Everything here throws ApiProblem when it is refused. */
import type { Booking } from "#contract/bookings.ts";
import type { CreateMentor, MentorProfile, UpdateMentor } from "#contract/mentors.ts";
import type { CreateService, Service, UpdateService } from "#contract/services.ts";
import type { StatusAction } from "#rules/bookingState.ts";
import { api } from "@/lib/api.ts";

export function createMentorProfile(profile: CreateMentor): Promise<MentorProfile> {
  return api.post("/api/v1/mentors", profile);
}

export function changeMentorProfile(change: UpdateMentor): Promise<MentorProfile> {
  return api.patch("/api/v1/mentors/me", change);
}

export function addService(service: CreateService): Promise<Service> {
  return api.post("/api/v1/mentors/me/services", service);
}

export function changeService(id: string, change: UpdateService): Promise<Service> {
  return api.patch(`/api/v1/mentors/me/services/${encodeURIComponent(id)}`, change);
}

export function removeService(id: string): Promise<null> {
  return api.delete(`/api/v1/mentors/me/services/${encodeURIComponent(id)}`);
}

/** The words go to the student. */
export function takeBookingStep(id: string, action: StatusAction, reason?: string): Promise<Booking> {
  return api.post(`/api/v1/bookings/${encodeURIComponent(id)}/${action}`, reason ? { reason } : {});
}
