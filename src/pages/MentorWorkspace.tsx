import { LayoutDashboard } from "lucide-react";
import { PageHeading } from "@/components/layout/PageHeading";
import { RequireSignIn } from "@/components/layout/RequireSignIn";
import { EmptyState } from "@/components/ui/EmptyState";

/** Stand-in: the workspace's pages take its place. */
export default function MentorWorkspace() {
  return (
    <RequireSignIn title="Mentor workspace">
      {() => (
        <div className="page max-w-3xl space-y-8 py-12">
          <PageHeading title="Mentor workspace" />
          <EmptyState Icon={LayoutDashboard} title="Your workspace is being furnished" />
        </div>
      )}
    </RequireSignIn>
  );
}
