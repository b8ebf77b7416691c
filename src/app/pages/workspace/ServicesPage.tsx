import { Plus } from "lucide-react";
import type { MentorProfile } from "#contract/mentors.ts";
import { ownServices } from "#words/serviceEditor.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { ServiceCards } from "@/features/services/ServiceCards.tsx";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";

export default function ServicesPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage
      title={ownServices.title}
      lead={ownServices.lead}
      action={
        <Link to={paths.newService()} className={buttonVariants()}>
          <Plus aria-hidden className="size-4" />
          {ownServices.add}
        </Link>
      }
    >
      <ServiceCards profile={profile} />
    </WorkspacePage>
  );
}
