import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { lazy, Suspense } from "react";
import { Link, Navigate, Route, Routes } from "react-router";
import { PageLoading } from "@/components/layout/PageLoading";
import { RequireSignIn } from "@/components/layout/RequireSignIn";
import { SetupStrip } from "@/components/onboarding/SetupStrip";
import { LeaveGuard } from "@/components/workspace/LeaveGuard";
import { WorkspaceNav } from "@/components/workspace/WorkspaceNav";
import { useZones } from "@/hooks/useZones";
import { setupQuery } from "@/lib/ownQueries";
import { paths } from "@/paths";
import type { MentorProfile } from "../../contract/mentors";
import NotFound from "./NotFound";
import SessionsPage from "./workspace/SessionsPage";

const HoursPage = lazy(() => import("./workspace/HoursPage"));
const ServicesPage = lazy(() => import("./workspace/ServicesPage"));
const ServicePage = lazy(() => import("./workspace/ServicePage"));
const StudentsPage = lazy(() => import("./workspace/StudentsPage"));
const StudentPage = lazy(() => import("./workspace/StudentPage"));
const ReviewsPage = lazy(() => import("./workspace/ReviewsPage"));
const ProfilePage = lazy(() => import("./workspace/ProfilePage"));

/** Everything a mentor runs; for somebody who is none yet, the way to become one. */
export default function MentorWorkspace() {
  return (
    <RequireSignIn title="Mentor workspace">
      {(me) =>
        me.mentor ? <Workspace profile={me.mentor} /> : <Navigate to={paths.mentorStart()} replace />
      }
    </RequireSignIn>
  );
}

function Workspace({ profile }: { profile: MentorProfile }) {
  const setup = useQuery(setupQuery(profile.id));
  useZones(profile.timezone);
  return (
    <div className="page pt-6 pb-12">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-x-4">
        <p className="font-semibold text-ink-soft">Mentor workspace</p>
        <Link
          to={paths.mentor(profile.username)}
          className="tap inline-flex items-center gap-1.5 font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
        >
          <ExternalLink aria-hidden className="size-4" />
          Your public page
        </Link>
      </div>
      <WorkspaceNav userId={profile.id} />
      <div className="pt-8">
        {setup.data && <SetupStrip userId={profile.id} setup={setup.data} />}
        <Suspense fallback={<PageLoading />}>
          {/* Not before it is known whether something stands above: a page must not move under the hand. */}
          {setup.isPending ? <PageLoading /> : <WorkspacePages profile={profile} />}
        </Suspense>
      </div>
      <LeaveGuard />
    </div>
  );
}

function WorkspacePages({ profile }: { profile: MentorProfile }) {
  return (
    <Routes>
      <Route index element={<SessionsPage profile={profile} />} />
      <Route path="sessions" element={<SessionsPage profile={profile} />} />
      <Route path="requests" element={<SessionsPage profile={profile} asList />} />
      <Route path="students" element={<StudentsPage profile={profile} />} />
      <Route path="students/:studentId" element={<StudentPage profile={profile} />} />
      <Route path="hours" element={<HoursPage profile={profile} />} />
      <Route path="services" element={<ServicesPage profile={profile} />} />
      <Route path="services/:serviceId" element={<ServicePage profile={profile} />} />
      <Route path="reviews" element={<ReviewsPage profile={profile} />} />
      <Route path="profile" element={<ProfilePage profile={profile} />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}
