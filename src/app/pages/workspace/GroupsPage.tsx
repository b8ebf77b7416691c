import type { MentorProfile } from "#contract/mentors.ts";
import { groupList } from "#words/groupSessions.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { GroupList } from "@/features/groupSessions/GroupList.tsx";
import { ScheduleButton } from "@/features/groupSessions/ScheduleButton.tsx";
import { ProgrammeList } from "@/features/programmes/ProgrammeList.tsx";
import { TimeZoneNote } from "@/ui/TimeZoneNote.tsx";

/** A mentor's group sessions. */
export default function GroupsPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage
      title={groupList.title}
      lead={<TimeZoneNote timeZone={profile.timezone} />}
      action={<ScheduleButton profile={profile} label={groupList.schedule} />}
    >
      <ProgrammeList profile={profile} />
      <GroupList profile={profile} />
    </WorkspacePage>
  );
}
