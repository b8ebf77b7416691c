import { useRef } from "react";
import { textLimits } from "#rules/limits.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { controls } from "#words/controls.ts";
import { reasonField } from "#words/reasons.ts";
import { suggestTimes } from "#words/timeRequests.ts";
import { zoneLabel } from "@/lib/time.ts";
import { needZones } from "@/lib/zones/askZones.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { SuggestedTimesFields, type TwoClocks } from "./SuggestedTimesFields.tsx";
import { noTime, startsOf, type SuggestedTimesFields as Times, timeFieldOf } from "./suggestedTimes.ts";

type SuggestTimesDialogProps = {
  clocks: TwoClocks;
  onClose: () => void;
  /** With a message to the other person. */
  withMessage?: boolean;
  /** One more sentence of the introduction. */
  note?: string;
  /** @throws ApiProblem */
  onSuggest: (starts: EpochMs[], message: string) => Promise<void>;
  /** Moves the focus afterwards, because what opened the dialog is gone. */
  focusAfter: () => void;
};

/** Answers a request with other times. */
export function SuggestTimesDialog(props: SuggestTimesDialogProps) {
  const { clocks, withMessage = false, note, onClose, onSuggest, focusAfter } = props;
  const isDone = useRef(false);
  const { register, control, submit, problem, formState } = useSavingForm<Times>({
    defaultValues: { times: [noTime], message: "" },
    pathOf: timeFieldOf,
    save: async ({ times, message }) => {
      await needZones([clocks.timeZone]);
      await onSuggest(startsOf(times, clocks.timeZone), message.trim());
      isDone.current = true;
      onClose();
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <Dialog
      open
      onClose={() => !isSubmitting && onClose()}
      title={suggestTimes.title}
      onClosed={(returnFocus) => (isDone.current ? focusAfter() : returnFocus())}
    >
      <form onSubmit={submit} noValidate className={dialogColumn}>
        <DialogBody>
          <p className="mb-5 text-ink-soft">
            {suggestTimes.lead(clocks.otherName, zoneLabel(clocks.timeZone))} {note}
          </p>
          <div className="space-y-5">
            {problem && <Alert tone="bad">{problem}</Alert>}
            <SuggestedTimesFields clocks={clocks} control={control} register={register} errors={errors} />
            {withMessage && (
              <Field label={reasonField.label(clocks.otherName)} error={errors.message?.message} optional>
                {(input) => <Textarea {...input} {...register("message")} maxLength={textLimits.reason} />}
              </Field>
            )}
          </div>
        </DialogBody>
        <DialogActions>
          <DialogClose disabled={isSubmitting}>{controls.cancel}</DialogClose>
          <Button type="submit" pending={isSubmitting}>
            {suggestTimes.submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
