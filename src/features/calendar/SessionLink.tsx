import { type ReactNode, useState } from "react";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import type { CalendarSession } from "./calendarLayout.ts";
import { GroupDialog } from "./GroupDialog.tsx";

type SessionLinkProps = {
  session: CalendarSession;
  timeZone: string;
  className: string;
  children: ReactNode;
};

/** Leads to the session's page; for a group, opens the list of its bookings, each with its own page. */
export function SessionLink({ session, timeZone, className, children }: SessionLinkProps) {
  const [isOpen, setOpen] = useState(false);
  if (session.capacity === 1) {
    return (
      <Link to={paths.session(session.bookings[0].id)} className={className}>
        {children}
      </Link>
    );
  }
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)} className={className}>
        {children}
      </button>
      <GroupDialog open={isOpen} onClose={() => setOpen(false)} session={session} timeZone={timeZone} />
    </>
  );
}
