import { CalendarDays } from "lucide-react";
import { PageHeading } from "@/components/layout/PageHeading";
import { RequireSignIn } from "@/components/layout/RequireSignIn";
import { EmptyState } from "@/components/ui/EmptyState";

/** Stand-in: the list of bookings takes its place. */
export default function Sessions() {
  return (
    <RequireSignIn title="Your sessions">
      {() => (
        <div className="page max-w-3xl space-y-8 py-12">
          <PageHeading title="Your sessions" />
          <EmptyState Icon={CalendarDays} title="Your sessions will be listed here" />
        </div>
      )}
    </RequireSignIn>
  );
}
