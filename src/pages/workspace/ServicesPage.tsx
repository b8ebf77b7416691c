import { Plus } from "lucide-react";
import { Link } from "react-router";
import { buttonVariants } from "@/components/ui/Button";
import { ServiceCards } from "@/components/workspace/ServiceCards";
import { WorkspacePage } from "@/components/workspace/WorkspacePage";
import { paths } from "@/paths";
import type { MentorProfile } from "../../../contract/mentors";

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
