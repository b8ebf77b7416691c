import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { lazy, Suspense } from "react";
import type { Me } from "#contract/accounts.ts";
import type { MentorProfile } from "#contract/mentors.ts";
import { workspace } from "#words/workspace.ts";
import { WorkspaceNav } from "@/app/layout/WorkspaceNav.tsx";
import SessionsPage from "@/app/pages/workspace/SessionsPage.tsx";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { setupQuery } from "@/features/onboarding/queries.ts";
import { SetupStrip } from "@/features/onboarding/SetupStrip.tsx";
import { programmeRosterPattern, rosterPattern } from "@/lib/groupPaths.ts";
import { paths } from "@/lib/paths.ts";
import { Link, Navigate, Routes } from "@/lib/router/router.tsx";
import { workspacePatterns } from "@/lib/workspacePatterns.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { LeaveGuard } from "@/ui/LeaveGuard.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import NotFound from "./NotFound.tsx";

const ConnectionNotice = lazy(() => import("@/features/calendarConnections/ConnectionNotice.tsx"));
const HoursPage = lazy(() => import("@/app/pages/workspace/HoursPage.tsx"));
const ServicesPage = lazy(() => import("@/app/pages/workspace/ServicesPage.tsx"));
const ServicePage = lazy(() => import("@/app/pages/workspace/ServicePage.tsx"));
const GroupsPage = lazy(() => import("@/app/pages/workspace/GroupsPage.tsx"));
const RosterPage = lazy(() => import("@/app/pages/workspace/RosterPage.tsx"));
const ProgrammeRosterPage = lazy(() => import("@/app/pages/workspace/ProgrammeRosterPage.tsx"));
const OffersPage = lazy(() => import("@/app/pages/workspace/OffersPage.tsx"));
const StudentsPage = lazy(() => import("@/app/pages/workspace/StudentsPage.tsx"));
const StudentPage = lazy(() => import("@/app/pages/workspace/StudentPage.tsx"));
const EarningsPage = lazy(() => import("@/app/pages/workspace/EarningsPage.tsx"));
const ReviewsPage = lazy(() => import("@/app/pages/workspace/ReviewsPage.tsx"));
const ProfilePage = lazy(() => import("@/app/pages/workspace/ProfilePage.tsx"));

/** A mentor's pages; redirects other people to the setup of a mentor page. */
export default function MentorWorkspace() {
  return (
    <RequireSignIn title={workspace.title}>
      {(me) =>
        me.mentor ? <Workspace me={me} profile={me.mentor} /> : <Navigate to={paths.mentorStart()} replace />
      }
    </RequireSignIn>
  );
}

type WorkspaceProps = { me: Me; profile: MentorProfile };

function Workspace({ me, profile }: WorkspaceProps) {
  const setup = useQuery(setupQuery(profile.id));
  useZones(profile.timezone);
  return (
    <div className="page pt-6 pb-12">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-x-4">
        <p className="font-semibold text-ink-soft">{workspace.title}</p>
        <Link
          to={paths.mentor(profile.username)}
          className="tap inline-flex items-center gap-1.5 font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
        >
          <ExternalLink aria-hidden className="size-4" />
          {workspace.publicPage}
        </Link>
      </div>
      <WorkspaceNav userId={profile.id} />
      <div className="pt-8">
        {setup.data && <SetupStrip userId={profile.id} setup={setup.data} />}
        <Suspense fallback={null}>
          <ConnectionNotice userId={profile.id} />
        </Suspense>
        <Suspense fallback={<PageLoading />}>
          {/* Waits for the setup: the strip above would push the page down. */}
          {setup.isPending ? <PageLoading /> : <WorkspacePages me={me} profile={profile} />}
        </Suspense>
      </div>
      <LeaveGuard />
    </div>
  );
}

function WorkspacePages({ me, profile }: WorkspaceProps) {
  return (
    <Routes
      routes={[
        { pattern: paths.mentorWorkspace(), element: <SessionsPage profile={profile} /> },
        { pattern: paths.mentorWorkspace("sessions"), element: <SessionsPage profile={profile} /> },
        { pattern: paths.mentorWorkspace("requests"), element: <SessionsPage profile={profile} asList /> },
        { pattern: paths.mentorWorkspace("students"), element: <StudentsPage profile={profile} /> },
        { pattern: workspacePatterns.student, element: <StudentPage profile={profile} /> },
        { pattern: paths.mentorWorkspace("hours"), element: <HoursPage profile={profile} /> },
        { pattern: paths.mentorWorkspace("services"), element: <ServicesPage profile={profile} /> },
        { pattern: workspacePatterns.service, element: <ServicePage profile={profile} /> },
        { pattern: paths.mentorWorkspace("groups"), element: <GroupsPage profile={profile} /> },
        { pattern: rosterPattern, element: <RosterPage profile={profile} /> },
        { pattern: programmeRosterPattern, element: <ProgrammeRosterPage profile={profile} /> },
        { pattern: paths.mentorWorkspace("offers"), element: <OffersPage profile={profile} /> },
        { pattern: paths.mentorWorkspace("earnings"), element: <EarningsPage me={me} profile={profile} /> },
        { pattern: paths.mentorWorkspace("reviews"), element: <ReviewsPage profile={profile} /> },
        { pattern: paths.mentorWorkspace("profile"), element: <ProfilePage profile={profile} /> },
        { pattern: "*", element: <NotFound /> },
      ]}
    />
  );
}
