import { Plus } from "lucide-react";
import { Link } from "react-router";
import type { MentorProfile } from "#contract/mentors.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { ServiceCards } from "@/features/services/ServiceCards.tsx";
import { paths } from "@/lib/paths.ts";
import { buttonVariants } from "@/ui/Button.tsx";

/** What a mentor offers. */
export default function ServicesPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage
      title="Services"
      lead="What students can book with you. Sessions that are booked keep their price."
      action={
        <Link to={paths.newService()} className={buttonVariants()}>
          <Plus aria-hidden className="size-4" />
          Add a service
        </Link>
      }
    >
      <ServiceCards profile={profile} />
    </WorkspacePage>
  );
}
