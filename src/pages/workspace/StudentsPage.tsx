import { StudentList } from "@/components/students/StudentList";
import { WorkspacePage } from "@/components/workspace/WorkspacePage";
import { YourZone } from "@/components/workspace/YourZone";
import type { MentorProfile } from "../../../contract/mentors";

export default function StudentsPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title="Students" lead={<YourZone timeZone={profile.timezone} />}>
      <StudentList mentorId={profile.id} timeZone={profile.timezone} />
    </WorkspacePage>
  );
}
