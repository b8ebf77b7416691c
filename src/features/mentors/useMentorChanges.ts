import { useQueryClient } from "@tanstack/react-query";
import type { Me } from "#contract/accounts.ts";
import type { MentorProfile } from "#contract/mentors.ts";
import { ownKeys, queryKeys } from "@/lib/queryKeys.ts";

/** Invalidates what depends on a change that a mentor has made. */
export function useMentorChanges() {
  const queryClient = useQueryClient();
  const invalidate = (queryKey: readonly unknown[]) => queryClient.invalidateQueries({ queryKey });
  return {
    profileChanged(profile: MentorProfile) {
      const before = queryClient.getQueryData<Me | null>(queryKeys.me);
      if (before) queryClient.setQueryData<Me>(queryKeys.me, { ...before, mentor: profile });
      void invalidate(["mentor"]);
      void invalidate(queryKeys.mentors);
      void invalidate(queryKeys.slots(profile.id));
      void invalidate(ownKeys.hours(profile.id));
      void invalidate(ownKeys.setup(profile.id));
      void invalidate(["usernames"]);
    },
    async hoursChanged(mentorId: string) {
      void invalidate(queryKeys.slots(mentorId));
      void invalidate(ownKeys.setup(mentorId));
      await invalidate(ownKeys.hours(mentorId));
    },
    async servicesChanged(mentorId: string) {
      void invalidate(["mentor"]);
      void invalidate(queryKeys.mentors);
      void invalidate(ownKeys.setup(mentorId));
      await invalidate(ownKeys.services(mentorId));
    },
    async sessionsChanged(mentorId: string) {
      void invalidate(queryKeys.slots(mentorId));
      await invalidate(queryKeys.bookings);
    },
  };
}
