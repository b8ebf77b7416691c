import { useRef } from "react";
import { textLimits } from "#rules/limits.ts";
import { controls } from "#words/controls.ts";
import { zoneLabel } from "@/lib/time.ts";
import { needZones } from "@/lib/zones/askZones.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, DialogFooter, dialogColumn } from "@/ui/Dialog.tsx";
import { Field } from "@/ui/Field.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useReturnFocus } from "@/ui/useReturnFocus.ts";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { ProposedTimesFields, type TwoClocks } from "./ProposedTimesFields.tsx";
import { noTime, startsOf, type ProposedTimesFields as Times, timeFieldOf } from "./proposedTimes.ts";

type ProposeDialogProps = {
  clocks: TwoClocks;
  onClose: () => void;
  /** Also asks for a few words for the other one. */
  withWords?: boolean;
  /** What else there is to know. */
  note?: string;
  /** @throws ApiProblem */
  onPropose: (startsAt: string[], words: string) => Promise<void>;
  /** Where the focus goes once it is done: what opened the dialog is gone then. */
  focusAfter: () => void;
};

/** Answers a request with other times. */
export function ProposeDialog(props: ProposeDialogProps) {
  const { clocks, withWords = false, note, onClose, onPropose, focusAfter } = props;
  const isDone = useRef(false);
  const returnFocus = useReturnFocus();
  const { register, control, submit, problem, formState } = useSavingForm<Times>({
    defaultValues: { times: [noTime], message: "" },
    pathOf: timeFieldOf,
    save: async ({ times, message }) => {
      await needZones([clocks.timeZone]);
      await onPropose(startsOf(times, clocks.timeZone), message.trim());
      isDone.current = true;
      onClose();
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !isSubmitting && onClose()}
      title="Propose other times"
      onCloseAutoFocus={(event) => returnFocus(event, isDone.current ? focusAfter : undefined)}
    >
      <form onSubmit={submit} noValidate className={dialogColumn}>
        <DialogBody>
          <p className="mb-5 text-ink-soft">
            Up to three times on your clock ({zoneLabel(clocks.timeZone)}). {clocks.otherName} can accept one,
            which books it.{note && ` ${note}`}
          </p>
          <div className="space-y-5">
            {problem && <Alert tone="bad">{problem}</Alert>}
            <ProposedTimesFields clocks={clocks} control={control} register={register} errors={errors} />
            {withWords && (
              <Field
                label={`A few words for ${clocks.otherName}`}
                hint={`${clocks.otherName} will read this.`}
                error={errors.message?.message}
                optional
              >
                {(input) => <Textarea {...input} {...register("message")} maxLength={textLimits.reason} />}
              </Field>
            )}
          </div>
        </DialogBody>
        <DialogFooter>
          <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
            <DialogClose asChild>
              <Button variant="secondary" disabled={isSubmitting}>
                {controls.cancel}
              </Button>
            </DialogClose>
            <Button type="submit" pending={isSubmitting}>
              Propose
            </Button>
          </div>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
