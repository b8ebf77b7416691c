import { Suspense } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { approvalOf } from "#rules/approval.ts";
import { bookingDialog } from "#words/book.ts";
import { controls } from "#words/controls.ts";
import { serverNow } from "@/lib/clock/serverClock.ts";
import { useFirstViewEnd } from "@/lib/firstView.ts";
import { firstName } from "@/lib/names.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Dialog, DialogBody } from "@/ui/Dialog.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import { type BookingStep, bookableServices, stepOf } from "./bookingStep.ts";
import { AccountStep, BookingConfirmation, ConfirmAddressStep, ServiceSelection } from "./lazySteps.ts";
import { StepProgress } from "./StepProgress.tsx";
import { TimeStep } from "./TimeStep.tsx";
import type { TimeAside } from "./timeAsides.ts";
import type { BookingAddress } from "./useBookingAddress.ts";
import { detailsOf, useBookingDraft } from "./useBookingDraft.ts";
import { isSlotRefusal, useBookingSubmission } from "./useBookingSubmission.ts";
import { useLiveAvailability } from "./useLiveAvailability.ts";
import { useSubmitAfterSignIn } from "./useSubmitAfterSignIn.ts";

type BookingDialogProps = {
  mentor: Mentor;
  Aside: TimeAside;
  address: BookingAddress;
  /** Mentors can look at their own times, and no further. */
  isPreview?: boolean;
};

/**
 * Books a session with one mentor, step by step. Opening it makes no request: the mentor comes from the profile page.
 * The address keeps what is chosen, the draft what is typed; the step follows from both.
 */
export function BookingDialog({ mentor, Aside, address, isPreview = false }: BookingDialogProps) {
  const draft = useBookingDraft(mentor.id);
  const submission = useBookingSubmission(mentor, address, draft.clear, () => address.goForward("account"));
  // A preview ends at the times.
  const requested =
    isPreview && address.requested && address.requested.name !== "service"
      ? { ...address.requested, name: "time" as const, aside: null }
      : address.requested;
  const step = requested && stepOf(requested, mentor, serverNow(), submission.isSubmitting);
  const shown = step?.name === "together" ? step.part : step?.name;
  useFirstViewEnd(step?.name !== "time" || step.aside !== null);
  return (
    <Dialog
      open={step !== null}
      onClose={() => !submission.isSubmitting && address.close()}
      onClosed={address.returnFocus}
      title={bookingDialog.title(firstName(mentor.full_name))}
      size="lg"
    >
      {step && (
        <>
          {step.name !== "service" && <LiveTimes mentorId={mentor.id} />}
          <StepProgress current={shown === "service" || shown === "time" ? shown : "details"} />
          <Suspense fallback={<LoadingStep />}>
            <Step
              step={step}
              mentor={mentor}
              Aside={Aside}
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

/** Keeps the times current from the second step on, when others book or the mentor changes something. */
function LiveTimes({ mentorId }: { mentorId: string }) {
  useLiveAvailability(mentorId);
  return null;
}

function LoadingStep() {
  return (
    <DialogBody>
      <Loading>{controls.loading}</Loading>
    </DialogBody>
  );
}

type StepProps = {
  step: BookingStep;
  mentor: Mentor;
  Aside: TimeAside;
  address: BookingAddress;
  draft: ReturnType<typeof useBookingDraft>;
  submission: ReturnType<typeof useBookingSubmission>;
  isPreview: boolean;
};

function Step({ step, mentor, Aside, address, draft, submission, isPreview }: StepProps) {
  const timeZone = useViewerTimeZone();
  const { refusal, clearRefusal } = submission;
  const submitAfterSignIn = useSubmitAfterSignIn({ step, draft, submission });
  switch (step.name) {
    case "service":
      return (
        <ServiceSelection
          mentor={mentor}
          services={bookableServices(mentor)}
          isGone={address.requested?.name !== "service" && Boolean(address.requested?.serviceId)}
          selected={step.choice}
          onSelect={(serviceId, minutes) => {
            clearRefusal();
            address.choose({ serviceId, minutes });
          }}
          onContinue={() => address.goForward("time")}
        />
      );
    case "time":
      return (
        <TimeStep
          mentor={mentor}
          Aside={Aside}
          step={step}
          isPreview={isPreview}
          refusal={isSlotRefusal(refusal) ? refusal : null}
          refusedAt={submission.refusedAt}
          onSelect={(startsAt) => {
            // The refused time may have become available again.
            if (startsAt === submission.refusedAt) clearRefusal();
            BookingConfirmation.preload();
            address.choose({ startsAt });
          }}
          onOpenAside={address.openAside}
          onReturn={() => address.goBack("time")}
          onAlso={(also) => address.choose({ also, startsAt: null })}
          onContinue={() => {
            clearRefusal();
            address.goForward("details", step.also ? { name: "basket" } : undefined);
          }}
          onBack={() => address.goBack("service")}
          onBackIntent={ServiceSelection.preload}
        />
      );
    case "together":
      return <Aside name="together" {...{ mentor, step, address, draft }} />;
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
            details={details}
            approval={approvalOf(mentor, choice.service)}
            onSignedIn={() => {
              submitAfterSignIn();
              address.goBack("details");
            }}
            onBack={() => address.goBack("details")}
          />
        );
      }
      if (refusal?.code === "address_not_confirmed") {
        return (
          <ConfirmAddressStep
            choice={choice}
            details={details}
            approval={approvalOf(mentor, choice.service)}
            mentorName={firstName(mentor.full_name)}
            onConfirmed={() => {
              submitAfterSignIn();
              clearRefusal();
            }}
            onBack={clearRefusal}
          />
        );
      }
      return (
        <BookingConfirmation
          mentor={mentor}
          choice={choice}
          startsAt={startsAt}
          timeZone={timeZone}
          draft={draft.draft}
          onDraftChange={(next) => {
            // The refusal was about another total.
            if ((next.addRecording ?? false) !== addRecording) clearRefusal();
            draft.save(next);
          }}
          refusal={refusal}
          isSubmitting={step.name === "submitting"}
          isSignedOut={submission.isSignedOut}
          onSubmit={(details) => submission.submit({ choice, startsAt, timeZone, details })}
          onBack={() => address.goBack("time")}
          onSelect={(next) => {
            clearRefusal();
            address.choose({ startsAt: next });
          }}
        />
      );
    }
    default:
      return step satisfies never;
  }
}
