import { TimeRequests } from "@/components/requests/TimeRequests";
import { MentorSessions } from "@/components/workspace/MentorSessions";
import { WorkspacePage } from "@/components/workspace/WorkspacePage";
import { YourZone } from "@/components/workspace/YourZone";
import type { MentorProfile } from "../../../contract/mentors";

export default function SessionsPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title="Sessions" lead={<YourZone timeZone={profile.timezone} />}>
      <div className="space-y-12">
        <TimeRequests as="mentor" userId={profile.id} timeZone={profile.timezone} />
        <MentorSessions profile={profile} />
      </div>
    </WorkspacePage>
  );
}
