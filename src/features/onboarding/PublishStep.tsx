import { useMutation } from "@tanstack/react-query";
import { Link } from "react-router";
import type { MentorProfile } from "#contract/mentors.ts";
import type { MentorSetup } from "#contract/onboarding.ts";
import { changeMentorProfile } from "@/features/mentors/api.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { ApiProblem } from "@/lib/api.ts";
import { paths } from "@/lib/paths.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { FirstFreeTimes } from "./FirstFreeTimes.tsx";
import { SharePage } from "./SharePage.tsx";
import { StepHeading } from "./StepFrame.tsx";
import type { SetupStep } from "./setupSteps.ts";

type PublishStepProps = { profile: MentorProfile; setup: MentorSetup; steps: readonly SetupStep[] };

/** The end of the way: what students will be offered, and the page's link to hand out. */
export function PublishStep({ profile, setup, steps }: PublishStepProps) {
  const account = useMentorChanges();
  const publish = useMutation({
    mutationFn: () => changeMentorProfile({ listed: true }),
    onSuccess: (saved) => account.profileChanged(saved),
  });
  const open = steps.filter((step) => step.isRequired && !step.isDone && step.id !== "publish");
  return (
    <Card className="space-y-6 p-4 sm:p-6">
      <div className="mb-0">
        <StepHeading
          title={setup.listed ? "Your page is public" : "Publish your page"}
          lead={
            setup.listed
              ? "Students find you in the search. Send them your link, too."
              : "From then on students find you in the search and can book you."
          }
        />
      </div>
      {open.length > 0 && (
        <Alert tone="warning" announce={false} title="Students cannot book you yet">
          <ul>
            {open.map((step) => (
              <li key={step.id}>
                <Link to={step.to} className={buttonVariants({ variant: "link", size: "inline" })}>
                  {step.title}
                </Link>{" "}
                is missing.
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {setup.bookable && <FirstFreeTimes profile={profile} />}
      {publish.error instanceof ApiProblem && <Alert tone="bad">{publish.error.detail}</Alert>}
      {!setup.listed && (
        <Button
          size="lg"
          pending={publish.isPending}
          disabled={open.length > 0}
          onClick={() => publish.mutate()}
          className="max-sm:w-full"
        >
          {publish.isPending ? "Publishing…" : "Publish my page"}
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
              See your page
            </Link>
            <Link
              to={paths.mentorWorkspace()}
              className={buttonVariants({ variant: "secondary", size: "lg", className: "max-sm:w-full" })}
            >
              To your workspace
            </Link>
          </div>
        </>
      )}
    </Card>
  );
}
