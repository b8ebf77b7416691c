import { OwnRoom } from "@/components/meeting/OwnRoom";
import { Card } from "@/components/ui/Card";
import { CopyField } from "@/components/ui/CopyField";
import { PageVisibility } from "@/components/workspace/PageVisibility";
import { ProfileEditor } from "@/components/workspace/ProfileEditor";
import { WorkspacePage } from "@/components/workspace/WorkspacePage";
import { paths } from "@/paths";
import type { MentorProfile } from "../../../contract/mentors";

/** What a mentor's public page says, and the room that only his students learn of. */
export default function ProfilePage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title="Profile" lead="What students read before they book, and where you meet them.">
      <div className="grid max-w-3xl gap-6">
        <Card className="p-4 sm:p-6">
          <CopyField
            label="Link to your page"
            text={window.location.origin + paths.mentor(profile.username)}
          />
        </Card>
        <PageVisibility profile={profile} />
        <OwnRoom userId={profile.id} />
        <ProfileEditor profile={profile} />
      </div>
    </WorkspacePage>
  );
}
