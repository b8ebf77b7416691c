import { Link2Off } from "lucide-react";
import { Link, useLocation } from "react-router";
import { windowDays } from "#rules/windows.ts";
import { SessionLoader } from "@/features/bookings/page/SessionLoader.tsx";
import { readSignedLink } from "@/features/bookings/page/signedLink.ts";
import { paths } from "@/lib/paths.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";

/**
 * `/manage#<token>`: the page of a session for whoever has its link. The token stands behind the #, so that neither our
 * own log nor the next site's sees it.
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
      <PageHeading title="Link not valid" className="sr-only" />
      <EmptyState Icon={Link2Off} title="This link is not valid, or no longer">
        <p>
          It may be incomplete, it was turned off, or the session was more than {windowDays("bookingLink")}{" "}
          days ago. Sign in to see all of your sessions.
        </p>
        <Link to={paths.sessions()} className={buttonVariants()}>
          Go to my sessions
        </Link>
      </EmptyState>
    </div>
  );
}
