import { FormProvider } from "react-hook-form";
import type { GroupSession } from "#contract/groupSessions.ts";
import { textLimits } from "#rules/limits.ts";
import { readDate } from "#scheduling/dates.ts";
import { controls } from "#words/controls.ts";
import { groupForms } from "#words/groupSessions.ts";
import { reasonField } from "#words/reasons.ts";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatLongDay, wallClock } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { moveGroup } from "./api.ts";
import { StartStatus } from "./StartNote.tsx";
import { useCheckedStarts } from "./useCheckedStarts.ts";
import { WhenFields, type WhenForm } from "./WhenFields.tsx";

type MoveDialogProps = {
  session: GroupSession;
  timeZone: string;
  onMoved: () => Promise<void>;
  onClose: () => void;
};

interface MoveForm extends WhenForm {
  reason: string;
}

/** Moves a session for everyone in it, with one reason. */
export function MoveDialog({ session, timeZone, onMoved, onClose }: MoveDialogProps) {
  const { date, time } = wallClock(session.starts_at, timeZone);
  const form = useSavingForm<MoveForm>({
    defaultValues: { scheduled_date: date, scheduled_time: time, reason: "" },
    save: async ({ reason, ...when }) => {
      await moveGroup(session.id, { ...when, ...(reason.trim() && { reason: reason.trim() }) });
      await onMoved();
    },
  });
  const { errors, isSubmitting, isDirty } = form.formState;
  const typed = form.watch();
  const checked = useCheckedStarts(
    { ...typed, duration: session.duration, weeks: "1", moved: session.id },
    readDate(typed.scheduled_date) !== null,
  );
  return (
    <Dialog open onClose={() => !isSubmitting && onClose()} title={groupForms.moveTitle}>
      <FormProvider {...form}>
        <form onSubmit={form.submit} noValidate className={dialogColumn}>
          <DialogBody>
            <div className="space-y-5">
              {form.problem && <Alert tone="bad">{form.problem}</Alert>}
              <div className="rounded-control border border-dashed border-line-strong px-4 py-3">
                <p className="text-sm font-semibold text-ink-soft">{groupForms.now}</p>
                <p className="tabular-nums">
                  <span className="block">{formatLongDay(session.starts_at, timeZone)}</span>
                  <span className="block">
                    {formatTimeRange(session.starts_at, session.ends_at, timeZone)}
                  </span>
                </p>
              </div>
              <WhenFields timeZone={timeZone} />
              {isDirty && <StartStatus start={checked[0]} />}
              <Field label={reasonField.label(groupForms.everyone)} error={errors.reason?.message} optional>
                {(control) => (
                  <Textarea {...control} {...form.register("reason")} maxLength={textLimits.reason} />
                )}
              </Field>
              <p className="text-ink-soft">{groupForms.moveLead(session.seats_taken)}</p>
            </div>
          </DialogBody>
          <DialogActions>
            <DialogClose disabled={isSubmitting}>{controls.cancel}</DialogClose>
            <Button type="submit" pending={isSubmitting} disabled={!isDirty}>
              {groupForms.move}
            </Button>
          </DialogActions>
        </form>
      </FormProvider>
    </Dialog>
  );
}
