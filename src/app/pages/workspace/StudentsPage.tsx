import type { MentorProfile } from "#contract/mentors.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { StudentList } from "@/features/students/StudentList.tsx";
import { YourZone } from "@/ui/YourZone.tsx";

export default function StudentsPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title="Students" lead={<YourZone timeZone={profile.timezone} />}>
      <StudentList mentorId={profile.id} timeZone={profile.timezone} />
    </WorkspacePage>
  );
}
