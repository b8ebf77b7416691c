import type { MentorProfile } from "#contract/mentors.ts";
import type { MentorSetup } from "#contract/onboarding.ts";
import { publishStep, setupSteps } from "#words/onboarding.ts";
import { pageStatus } from "#words/pageStatus.ts";
import { changeMentorProfile } from "@/features/mentors/api.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { useAction } from "@/ui/useAction.ts";
import { withElements } from "@/ui/withElements.tsx";
import { FirstFreeTimes } from "./FirstFreeTimes.tsx";
import { SharePage } from "./SharePage.tsx";
import { StepHeading } from "./StepFrame.tsx";
import type { SetupStep } from "./setupSteps.ts";

type PublishStepProps = { profile: MentorProfile; setup: MentorSetup; steps: readonly SetupStep[] };

/** The last step: the first times that students will be offered, and the link to the page. */
export function PublishStep({ profile, setup, steps }: PublishStepProps) {
  const account = useMentorChanges();
  const publish = useAction(async () => account.profileChanged(await changeMentorProfile({ listed: true })), {
    inPlace: true,
  });
  const open = steps.filter((step) => step.isRequired && !step.isDone && step.id !== "publish");
  return (
    <Card className="space-y-6 p-4 sm:p-6">
      <div className="mb-0">
        <StepHeading
          title={setup.listed ? publishStep.published : setupSteps.publish}
          lead={setup.listed ? publishStep.publishedLead : publishStep.lead}
        />
      </div>
      {open.length > 0 && (
        <Alert tone="warning" announce={false} title={pageStatus.notBookable}>
          <ul>
            {open.map((step) => (
              <li key={step.id}>
                {withElements(publishStep.missing, {
                  step: (
                    <Link to={step.to} className={buttonVariants({ variant: "link", size: "inline" })}>
                      {step.title}
                    </Link>
                  ),
                })}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {setup.bookable && <FirstFreeTimes profile={profile} />}
      {publish.problem && <Alert tone="bad">{publish.problem.detail}</Alert>}
      {!setup.listed && (
        <Button
          size="lg"
          pending={publish.isPending}
          disabled={open.length > 0}
          onClick={publish.run}
          className="max-sm:w-full"
        >
          {publish.isPending ? publishStep.publishing : publishStep.publish}
        </Button>
      )}
      {setup.listed && (
        <>
          <SharePage profile={profile} />
          <div className="flex flex-wrap gap-3">
            <Link
              to={paths.mentor(profile.username)}
              className={buttonVariants({ size: "lg", className: "max-sm:w-full" })}
            >
              {publishStep.seePage}
            </Link>
            <Link
              to={paths.mentorWorkspace()}
              className={buttonVariants({ variant: "secondary", size: "lg", className: "max-sm:w-full" })}
            >
              {publishStep.workspace}
            </Link>
          </div>
        </>
      )}
    </Card>
  );
}
