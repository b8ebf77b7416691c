import type { Mentor } from "#contract/mentors.ts";
import { NextGroups } from "@/features/groupSessions/NextGroups.tsx";
import { OfferedPackages } from "@/features/packages/OfferedPackages.tsx";
import { NextProgrammes } from "@/features/programmes/NextProgrammes.tsx";

/** What a mentor offers beside sessions at any time. One component, as the booking route pays for each lazy part. */
export function MoreOffers({ mentor }: { mentor: Mentor }) {
  return (
    <>
      <NextGroups mentor={mentor} />
      <NextProgrammes mentor={mentor} />
      <OfferedPackages mentor={mentor} />
    </>
  );
}
