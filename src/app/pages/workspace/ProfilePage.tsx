import type { MentorProfile } from "#contract/mentors.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { OwnRoom } from "@/features/meetings/OwnRoom.tsx";
import { PageVisibility } from "@/features/mentors/PageVisibility.tsx";
import { ProfileEditor } from "@/features/mentors/ProfileEditor.tsx";
import { paths } from "@/lib/paths.ts";
import { Card } from "@/ui/Card.tsx";
import { CopyField } from "@/ui/CopyField.tsx";

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
