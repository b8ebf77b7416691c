import { X } from "lucide-react";
import { useState } from "react";
import type { MentorSetup } from "#contract/onboarding.ts";
import { setup as words } from "#words/onboarding.ts";
import { pageStatus } from "#words/pageStatus.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { ProgressBar } from "./SetupProgress.tsx";
import { dismissSetup, isSetupDismissed } from "./setupDismissal.ts";
import { countDone, isReady, stepsOf } from "./setupSteps.ts";

/** What is missing for a bookable page, above every page of the workspace. Can be dismissed once only optional steps are left. */
export function SetupStrip({ userId, setup }: { userId: string; setup: MentorSetup }) {
  const [isDismissed, setIsDismissed] = useState(() => isSetupDismissed(userId));
  const steps = stepsOf(setup);
  const done = countDone(steps);
  const mayDismiss = isReady(steps);
  if (done === steps.length || (mayDismiss && isDismissed)) return null;
  // Required steps come first.
  const next = steps.find((step) => step.isRequired && !step.isDone) ?? steps.find((step) => !step.isDone);
  return (
    <section
      aria-label={words.title}
      className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-1 rounded-control border border-line bg-surface px-4 py-2"
    >
      <p className="font-semibold">
        {setup.bookable
          ? setup.listed
            ? pageStatus.bookable
            : pageStatus.notPublic
          : pageStatus.notBookable}
      </p>
      <span className="flex items-center gap-2 text-sm text-ink-soft">
        <ProgressBar steps={steps} className="w-20" />
        {words.progress(done, steps.length)}
      </span>
      <span className="-mx-1 flex flex-wrap items-center gap-x-2 sm:ml-auto">
        {next && (
          <Link to={next.to} className={buttonVariants({ variant: "link", size: "inline" })}>
            {words.next(next.title)}
          </Link>
        )}
        <Link to={paths.mentorStart()} className={buttonVariants({ variant: "link", size: "inline" })}>
          {words.allSteps}
        </Link>
        {mayDismiss && (
          <Button
            variant="ghost"
            size="icon"
            aria-label={words.dismiss}
            onClick={() => {
              dismissSetup(userId);
              setIsDismissed(true);
            }}
          >
            <X aria-hidden className="size-5" />
          </Button>
        )}
      </span>
    </section>
  );
}
