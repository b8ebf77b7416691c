import type { Approval } from "#rules/approval.ts";
import { submitLabels } from "#words/bookDetails.ts";
import { confirmStep } from "#words/codes.ts";
import { ConfirmAddressFields } from "@/features/accounts/codes/ConfirmAddressFields.tsx";
import { useConfirmAddress } from "@/features/accounts/codes/useConfirmAddress.ts";
import { useMe } from "@/features/accounts/me.ts";
import { Button } from "@/ui/Button.tsx";
import { DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import type { Choice } from "./bookingStep.ts";
import { StepFooter } from "./StepFooter.tsx";
import { agreedTotalOf } from "./totals.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

type ConfirmAddressStepProps = {
  choice: Choice;
  details: Pick<BookingDetails, "agreedTotal" | "addRecording">;
  approval: Approval;
  /** Instead of the choice and of the usual button, if it is about several sessions. */
  together?: { brief: string; submit: string };
  mentorName: string;
  onConfirmed: () => void;
  onBack: () => void;
};

/** Asks for the code of a mail before a request is sent: the mentor's reply must reach the student. */
export function ConfirmAddressStep(props: ConfirmAddressStepProps) {
  const { choice, details, approval, together, mentorName, onConfirmed, onBack } = props;
  const { data: me } = useMe();
  const form = useConfirmAddress(onConfirmed);
  const { isSubmitting } = form.formState;
  return (
    <form onSubmit={form.submit} noValidate className={dialogColumn}>
      <DialogBody>
        <div className="max-w-lg space-y-5">
          <StepHeading>{confirmStep.title}</StepHeading>
          <p>{confirmStep.lead({ mentor: mentorName })}</p>
          {me && <ConfirmAddressFields email={me.email} form={form} />}
        </div>
      </DialogBody>
      <StepFooter
        choice={together ? null : choice}
        total={agreedTotalOf(choice, details)}
        {...(!isSubmitting && { onBack })}
        action={
          <Button type="submit" pending={isSubmitting} className="flex-1">
            {together?.submit ?? submitLabels[approval]}
          </Button>
        }
      >
        {together && <p className="leading-snug font-bold">{together.brief}</p>}
      </StepFooter>
    </form>
  );
}
