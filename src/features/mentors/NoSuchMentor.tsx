import { UserX } from "lucide-react";
import { links } from "#words/links.ts";
import { mentorProfile } from "#words/mentors.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";

export default function NoSuchMentor() {
  return (
    <div className="page space-y-8 py-12">
      <PageHeading title={mentorProfile.notFound} className="sr-only" />
      <EmptyState Icon={UserX} title={mentorProfile.noSuchMentor}>
        <p>{mentorProfile.whyNotFound}</p>
        <Link to={paths.home()} className={buttonVariants()}>
          {links.findMentor}
        </Link>
      </EmptyState>
    </div>
  );
}
