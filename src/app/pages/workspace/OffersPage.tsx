import type { MentorProfile } from "#contract/mentors.ts";
import { offersPage } from "#words/coupons.ts";
import { workspaceSections } from "#words/workspace.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { CouponsSection } from "@/features/offers/CouponsSection.tsx";
import { PackagesSection } from "@/features/offers/PackagesSection.tsx";

/** What a mentor gives students beside the services at their list price. */
export default function OffersPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title={workspaceSections.offers} lead={offersPage.lead}>
      <div className="grid gap-12">
        <CouponsSection profile={profile} />
        <PackagesSection profile={profile} />
      </div>
    </WorkspacePage>
  );
}
