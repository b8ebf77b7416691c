import { Link2Off } from "lucide-react";
import { links } from "#words/links.ts";
import { missingLink } from "#words/sessionPage.ts";
import { SessionLoader } from "@/features/bookings/page/SessionLoader.tsx";
import { readSignedLink } from "@/features/bookings/page/signedLink.ts";
import { paths } from "@/lib/paths.ts";
import { Link, useLocation } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";

/**
 * `/manage#<token>`: the page of a session, opened by its link. Behind the # the token appears neither in our log nor in
 * the referrer for other sites.
 */
export default function Manage() {
  const { hash } = useLocation();
  const link = readSignedLink(hash);
  if (!link) return <NoSuchLink />;
  return <SessionLoader key={hash} access={link.access} roleIn={() => link.role} missing={<NoSuchLink />} />;
}

function NoSuchLink() {
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={missingLink.title} className="sr-only" />
      <EmptyState Icon={Link2Off} title={missingLink.heading}>
        <p>{missingLink.text}</p>
        <Link to={paths.sessions()} className={buttonVariants()}>
          {links.sessions}
        </Link>
      </EmptyState>
    </div>
  );
}
