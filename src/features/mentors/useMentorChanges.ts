import { useQueryClient } from "@tanstack/react-query";
import type { Me } from "#contract/accounts.ts";
import type { MentorProfile } from "#contract/mentors.ts";
import { ownKeys, queryKeys } from "@/lib/queryKeys.ts";

/** Tells the rest of the app what a mentor has changed about himself. */
export function useMentorAccount() {
  const queryClient = useQueryClient();
  const again = (queryKey: readonly unknown[]) => queryClient.invalidateQueries({ queryKey });
  return {
    profileChanged(profile: MentorProfile) {
      const before = queryClient.getQueryData<Me | null>(queryKeys.me);
      if (before) queryClient.setQueryData<Me>(queryKeys.me, { ...before, mentor: profile });
      void again(["mentor"]);
      void again(queryKeys.mentors);
      void again(queryKeys.slots(profile.id));
      void again(ownKeys.hours(profile.id));
      void again(ownKeys.setup(profile.id));
      void again(["usernames"]);
    },
    async hoursChanged(mentorId: string) {
      void again(queryKeys.slots(mentorId));
      void again(ownKeys.setup(mentorId));
      await again(ownKeys.hours(mentorId));
    },
    async servicesChanged(mentorId: string) {
      void again(["mentor"]);
      void again(queryKeys.mentors);
      void again(ownKeys.setup(mentorId));
      await again(ownKeys.services(mentorId));
    },
    async sessionsChanged(mentorId: string) {
      void again(queryKeys.slots(mentorId));
      await again(queryKeys.bookings);
    },
  };
}
