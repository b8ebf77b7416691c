import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Me } from "#contract/accounts.ts";
import type { MentorSetup } from "#contract/onboarding.ts";
import { hoursStep, serviceStep, setupSteps, setup as words } from "#words/onboarding.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { AboutStep } from "@/features/onboarding/AboutStep.tsx";
import { DoneStep } from "@/features/onboarding/DoneStep.tsx";
import { HoursStep } from "@/features/onboarding/HoursStep.tsx";
import { PageStep } from "@/features/onboarding/PageStep.tsx";
import { PublishStep } from "@/features/onboarding/PublishStep.tsx";
import { setupQuery } from "@/features/onboarding/queries.ts";
import { RoomStep } from "@/features/onboarding/RoomStep.tsx";
import { ServiceStep } from "@/features/onboarding/ServiceStep.tsx";
import { SetupProgress } from "@/features/onboarding/SetupProgress.tsx";
import { chosenStep, nextStep, type SetupStepId, stepsOf } from "@/features/onboarding/setupSteps.ts";
import { paths } from "@/lib/paths.ts";
import { queryClient } from "@/lib/queryClient.ts";
import { navigate } from "@/lib/router/location.ts";
import { useParams } from "@/lib/router/router.tsx";
import { LeaveGuard } from "@/ui/LeaveGuard.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";

/** Sets up a mentor page step by step. */
export default function MentorStart() {
  return <RequireSignIn title={words.start}>{(me) => <Start me={me} />}</RequireSignIn>;
}

function Start({ me }: { me: Me }) {
  const setup = useQuery({ ...setupQuery(me.id), enabled: me.mentor !== null });
  if (me.mentor === null) return <Steps me={me} setup={null} />;
  if (setup.data) return <Steps me={me} setup={setup.data} />;
  if (!setup.isError) return <PageLoading />;
  return (
    <div className="page space-y-8 py-12">
      <PageHeading title={words.title} />
      <ProblemState title={words.failed} error={setup.error} onRetry={setup.refetch} />
    </div>
  );
}

function Steps({ me, setup }: { me: Me; setup: MentorSetup | null }) {
  const { step } = useParams();
  const steps = stepsOf(setup);
  const current = chosenStep(steps, step ?? null);

  // The address names the step from the start, so that a step that gets done does not change the page.
  useEffect(() => {
    if (step !== current) navigate(paths.mentorStart(current), { replace: true });
  }, [step, current]);

  const goForward = async () => {
    const fresh = await queryClient.fetchQuery({ ...setupQuery(me.id), staleTime: 0 });
    navigate(paths.mentorStart(nextStep(stepsOf(fresh), current)));
  };
  return (
    <div className="page py-8 sm:py-12">
      <PageHeading title={me.mentor ? words.title : words.start} />
      <p className="mt-1 mb-6 text-ink-soft">{words.lead}</p>
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[18rem_minmax(0,1fr)] lg:items-start">
        <div className="lg:sticky lg:top-24">
          <SetupProgress steps={steps} current={current} />
        </div>
        <div className="max-w-2xl min-w-0">
          <Step key={current} current={current} me={me} setup={setup} goForward={goForward} />
        </div>
      </div>
      <LeaveGuard />
    </div>
  );
}

type StepProps = { current: SetupStepId; me: Me; setup: MentorSetup | null; goForward: () => Promise<void> };

function Step({ current, me, setup, goForward }: StepProps) {
  const { mentor: profile } = me;
  if (!profile || !setup) return <PageStep me={me} onDone={goForward} />;
  const mentorId = profile.id;
  switch (current) {
    case "page":
      return <PageStep me={me} onDone={goForward} />;
    case "about":
      return <AboutStep profile={profile} onDone={goForward} />;
    case "service":
      if (setup.missing.includes("service")) return <ServiceStep profile={profile} onDone={goForward} />;
      return (
        <DoneStep
          title={setupSteps.service}
          text={serviceStep.done}
          change={{ to: paths.mentorWorkspace("services"), label: serviceStep.change }}
          onNext={goForward}
        />
      );
    case "hours":
      if (setup.missing.includes("hours")) return <HoursStep mentorId={mentorId} onDone={goForward} />;
      return (
        <DoneStep
          title={setupSteps.hours}
          text={hoursStep.done}
          change={{ to: paths.mentorWorkspace("hours"), label: hoursStep.change }}
          onNext={goForward}
        />
      );
    case "room":
      return <RoomStep mentorId={mentorId} onDone={goForward} />;
    case "publish":
      return <PublishStep profile={profile} setup={setup} steps={stepsOf(setup)} />;
    default:
      return current satisfies never;
  }
}
