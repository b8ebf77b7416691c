import type { MentorProfile } from "#contract/mentors.ts";
import { mentorPage } from "#words/mentorPage.ts";
import { sharePage } from "#words/onboarding.ts";
import { workspaceSections } from "#words/workspace.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { OwnPlace } from "@/features/meetings/OwnPlace.tsx";
import { OwnRoom } from "@/features/meetings/OwnRoom.tsx";
import { PageVisibility } from "@/features/mentors/PageVisibility.tsx";
import { ProfileEditor } from "@/features/mentors/ProfileEditor.tsx";
import { paths } from "@/lib/paths.ts";
import { Card } from "@/ui/Card.tsx";
import { CopyField } from "@/ui/CopyField.tsx";

/** The mentor's public page and meeting room. */
export default function ProfilePage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title={workspaceSections.profile} lead={mentorPage.lead}>
      <div className="grid max-w-3xl gap-6">
        <Card className="p-4 sm:p-6">
          <CopyField label={sharePage.link} text={window.location.origin + paths.mentor(profile.username)} />
        </Card>
        <PageVisibility profile={profile} />
        <OwnPlace userId={profile.id} serviceId={null} />
        <OwnRoom userId={profile.id} />
        <ProfileEditor profile={profile} />
      </div>
    </WorkspacePage>
  );
}
