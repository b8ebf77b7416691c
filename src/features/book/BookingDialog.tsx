import { Suspense } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { serverNow } from "@/lib/clock/serverClock.ts";
import { firstName } from "@/lib/words.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Dialog, DialogBody } from "@/ui/Dialog.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import { type BookingStep, bookableServices, stepOf, submitLabel } from "./bookingStep.ts";
import { AccountStep, BookingConfirmation } from "./lazySteps.ts";
import { ServiceSelection } from "./ServiceSelection.tsx";
import { StepProgress } from "./StepProgress.tsx";
import { TimeStep } from "./TimeStep.tsx";
import type { TimeAsides } from "./timeAsides.ts";
import type { BookingAddress } from "./useBookingAddress.ts";
import { detailsOf, useBookingDraft } from "./useBookingDraft.ts";
import { isSlotRefusal, shownTotal, useBookingSubmission } from "./useBookingSubmission.ts";
import { useFinishOnceSignedIn } from "./useFinishOnceSignedIn.ts";
import { useLiveAvailability } from "./useLiveAvailability.ts";

type BookingDialogProps = {
  mentor: Mentor;
  asides: TimeAsides;
  address: BookingAddress;
  /** A mentor looks at his own times: nothing leads on from there. */
  isPreview?: boolean;
};

/**
 * The booking of one mentor, step by step. Opening it asks the API for nothing: the mentor comes from the profile page.
 * What is chosen lives in the address, what is typed in the draft; the step is read from both.
 */
export function BookingDialog({ mentor, asides, address, isPreview = false }: BookingDialogProps) {
  const draft = useBookingDraft(mentor.id);
  const submission = useBookingSubmission(mentor, address, draft.clear, () => address.goOn("account"));
  // The furthest that a preview goes is the times.
  const asked =
    isPreview && (address.asked?.name === "details" || address.asked?.name === "account")
      ? { ...address.asked, name: "time" as const }
      : address.asked;
  const step = asked && stepOf(asked, mentor, serverNow(), submission.isSubmitting);
  return (
    <Dialog
      open={step !== null}
      onOpenChange={(open) => !open && !submission.isSubmitting && address.close()}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        address.returnFocus();
      }}
      title={`Book a session with ${firstName(mentor.full_name)}`}
      size="lg"
    >
      {step && (
        <>
          {step.name !== "service" && <LiveTimes mentorId={mentor.id} />}
          <StepProgress current={step.name === "service" || step.name === "time" ? step.name : "details"} />
          <Suspense fallback={<LoadingStep />}>
            <Step
              step={step}
              mentor={mentor}
              asides={asides}
              address={address}
              draft={draft}
              submission={submission}
              isPreview={isPreview}
            />
          </Suspense>
        </>
      )}
    </Dialog>
  );
}

/** From the first free time on: what others book and what the mentor changes is seen in every step. */
function LiveTimes({ mentorId }: { mentorId: string }) {
  useLiveAvailability(mentorId);
  return null;
}

function LoadingStep() {
  return (
    <DialogBody>
      <Loading>Loading this step …</Loading>
    </DialogBody>
  );
}

type StepProps = {
  step: BookingStep;
  mentor: Mentor;
  asides: TimeAsides;
  address: BookingAddress;
  draft: ReturnType<typeof useBookingDraft>;
  submission: ReturnType<typeof useBookingSubmission>;
  isPreview: boolean;
};

function Step({ step, mentor, asides, address, draft, submission, isPreview }: StepProps) {
  const timeZone = useViewerTimeZone();
  const { refusal, forgetRefusal } = submission;
  const finishLater = useFinishOnceSignedIn({ step, draft, submission });
  switch (step.name) {
    case "service":
      return (
        <ServiceSelection
          mentor={mentor}
          services={bookableServices(mentor)}
          isGone={address.asked?.name !== "service" && Boolean(address.asked?.serviceId)}
          selected={step.choice}
          onSelect={(serviceId, minutes) => {
            forgetRefusal();
            address.choose({ serviceId, minutes });
          }}
          onContinue={() => address.goOn("time")}
        />
      );
    case "time":
      return (
        <TimeStep
          mentor={mentor}
          asides={asides}
          step={step}
          isPreview={isPreview}
          refusal={isSlotRefusal(refusal) ? refusal : null}
          refusedAt={submission.refusedAt}
          onSelect={(startsAt) => {
            // It may have become free again.
            if (startsAt === submission.refusedAt) forgetRefusal();
            BookingConfirmation.preload();
            address.choose({ startsAt });
          }}
          onStepAside={address.stepAside}
          onReturn={() => address.goBack("time")}
          onContinue={() => {
            forgetRefusal();
            address.goOn("details");
          }}
          onBack={() => address.goBack("service")}
        />
      );
    case "account":
    case "details":
    case "submitting": {
      const { choice, startsAt } = step;
      const addRecording = draft.draft.addRecording ?? false;
      if (!draft.isKnown) return <LoadingStep />;
      const details = detailsOf(draft.draft);
      if (step.name === "account" && submission.isSignedOut && details.name && details.email) {
        return (
          <AccountStep
            choice={choice}
            total={shownTotal(choice, addRecording, refusal)}
            details={details}
            finish={submitLabel(mentor, choice.service)}
            onSignedIn={() => {
              finishLater();
              address.goBack("details");
            }}
            onBack={() => address.goBack("details")}
          />
        );
      }
      return (
        <BookingConfirmation
          mentor={mentor}
          choice={choice}
          startsAt={startsAt}
          timeZone={timeZone}
          total={shownTotal(choice, addRecording, refusal)}
          draft={draft.draft}
          onDraftChange={(next) => {
            // Another sum than the one that was refused.
            if ((next.addRecording ?? false) !== addRecording) forgetRefusal();
            draft.save(next);
          }}
          refusal={refusal}
          isSubmitting={step.name === "submitting"}
          isSignedOut={submission.isSignedOut}
          onSubmit={(details) => submission.submit({ choice, startsAt, timeZone, details })}
          onBack={() => address.goBack("time")}
          onSelect={(next) => {
            forgetRefusal();
            address.choose({ startsAt: next });
          }}
        />
      );
    }
    default:
      return step satisfies never;
  }
}
