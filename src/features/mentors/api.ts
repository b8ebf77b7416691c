import type { CreateMentor, MentorProfile, UpdateMentor } from "#contract/mentors.ts";
import { api } from "@/lib/api.ts";

export function createMentorProfile(profile: CreateMentor): Promise<MentorProfile> {
  return api.post("/api/v1/mentors", profile);
}

export function changeMentorProfile(change: UpdateMentor): Promise<MentorProfile> {
  return api.patch("/api/v1/mentors/me", change);
}
