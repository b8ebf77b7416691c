import type { MentorProfile } from "#contract/mentors.ts";
import { studentList } from "#words/students.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { StudentList } from "@/features/students/StudentList.tsx";
import { TimeZoneNote } from "@/ui/TimeZoneNote.tsx";

export default function StudentsPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title={studentList.title} lead={<TimeZoneNote timeZone={profile.timezone} />}>
      <StudentList mentorId={profile.id} timeZone={profile.timezone} />
    </WorkspacePage>
  );
}
