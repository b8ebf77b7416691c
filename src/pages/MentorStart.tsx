import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useNavigate, useParams } from "react-router";
import { PageHeading } from "@/components/layout/PageHeading";
import { PageLoading } from "@/components/layout/PageLoading";
import { RequireSignIn } from "@/components/layout/RequireSignIn";
import { AboutStep } from "@/components/onboarding/AboutStep";
import { DoneStep } from "@/components/onboarding/DoneStep";
import { HoursStep } from "@/components/onboarding/HoursStep";
import { PageStep } from "@/components/onboarding/PageStep";
import { PublishStep } from "@/components/onboarding/PublishStep";
import { RoomStep } from "@/components/onboarding/RoomStep";
import { ServiceStep } from "@/components/onboarding/ServiceStep";
import { SetupProgress } from "@/components/onboarding/SetupProgress";
import { chosenStep, nextStep, type SetupStepId, stepsOf } from "@/components/onboarding/setupSteps";
import { ProblemState } from "@/components/ui/ProblemState";
import { LeaveGuard } from "@/components/workspace/LeaveGuard";
import { setupQuery } from "@/lib/ownQueries";
import { queryClient } from "@/lib/queryClient";
import { paths } from "@/paths";
import type { Me } from "../../contract/account";
import type { MentorSetup } from "../../contract/onboarding";

/** From an account to a page that can be shared and booked, step by step. */
export default function MentorStart() {
  return <RequireSignIn title="Become a mentor">{(me) => <Start me={me} />}</RequireSignIn>;
}

function Start({ me }: { me: Me }) {
  const setup = useQuery({ ...setupQuery(me.id), enabled: me.mentor !== null });
  if (me.mentor === null) return <Steps me={me} setup={null} />;
  if (setup.data) return <Steps me={me} setup={setup.data} />;
  if (!setup.isError) return <PageLoading />;
  return (
    <div className="page space-y-8 py-12">
      <PageHeading title="Set up your page" />
      <ProblemState title="We could not see what is missing" error={setup.error} onRetry={setup.refetch} />
    </div>
  );
}

function Steps({ me, setup }: { me: Me; setup: MentorSetup | null }) {
  const { step } = useParams();
  const navigate = useNavigate();
  const steps = stepsOf(setup);
  const current = chosenStep(steps, step ?? null);

  // The address names the step from the start: what becomes done in the meantime must not turn the page.
  useEffect(() => {
    if (step !== current) navigate(paths.mentorStart(current), { replace: true });
  }, [step, current, navigate]);

  const goOn = async () => {
    const fresh = await queryClient.fetchQuery({ ...setupQuery(me.id), staleTime: 0 });
    navigate(paths.mentorStart(nextStep(stepsOf(fresh), current)));
  };
  return (
    <div className="page py-8 sm:py-12">
      <PageHeading title={me.mentor ? "Set up your page" : "Become a mentor"} />
      <p className="mt-1 mb-6 text-ink-soft">
        Five minutes to a page that students can book. Everything can be changed later.
      </p>
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[18rem_minmax(0,1fr)] lg:items-start">
        <div className="lg:sticky lg:top-24">
          <SetupProgress steps={steps} current={current} />
        </div>
        <div className="max-w-2xl min-w-0">
          <Step key={current} current={current} me={me} setup={setup} goOn={goOn} />
        </div>
      </div>
      <LeaveGuard />
    </div>
  );
}

type StepProps = { current: SetupStepId; me: Me; setup: MentorSetup | null; goOn: () => Promise<void> };

function Step({ current, me, setup, goOn }: StepProps) {
  const { mentor: profile } = me;
  if (!profile || !setup) return <PageStep me={me} onDone={goOn} />;
  const mentorId = profile.id;
  switch (current) {
    case "page":
      return <PageStep me={me} onDone={goOn} />;
    case "about":
      return <AboutStep profile={profile} onDone={goOn} />;
    case "service":
      if (setup.missing.includes("service")) return <ServiceStep profile={profile} onDone={goOn} />;
      return (
        <DoneStep
          title="Your first service"
          words="Students can choose what you offer."
          change={{ to: paths.mentorWorkspace("services"), words: "Change my services" }}
          onNext={goOn}
        />
      );
    case "hours":
      if (setup.missing.includes("hours")) return <HoursStep mentorId={mentorId} onDone={goOn} />;
      return (
        <DoneStep
          title="Weekly hours"
          words="Your hours are set."
          change={{ to: paths.mentorWorkspace("hours"), words: "Change my hours" }}
          onNext={goOn}
        />
      );
    case "room":
      return <RoomStep mentorId={mentorId} onDone={goOn} />;
    case "publish":
      return <PublishStep profile={profile} setup={setup} steps={stepsOf(setup)} />;
    default:
      return current satisfies never;
  }
}
