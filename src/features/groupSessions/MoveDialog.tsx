import type { GroupSession } from "#contract/groupSessions.ts";
import { textLimits } from "#rules/limits.ts";
import { controls } from "#words/controls.ts";
import { groupForms } from "#words/groupSessions.ts";
import { reasonField } from "#words/reasons.ts";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatLongDay, type TypedDate, todayIn, wallClock, zoneLabel } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { TimeInput } from "@/ui/TimeInput.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { moveGroup } from "./api.ts";

type MoveDialogProps = {
  session: GroupSession;
  timeZone: string;
  onMoved: () => Promise<void>;
  onClose: () => void;
};

interface MoveForm {
  scheduled_date: TypedDate;
  scheduled_time: string;
  reason: string;
}

/** Moves a session for everyone in it, with one reason. */
export function MoveDialog({ session, timeZone, onMoved, onClose }: MoveDialogProps) {
  const { date, time } = wallClock(session.starts_at, timeZone);
  const today = todayIn(timeZone);
  const { register, submit, problem, formState } = useSavingForm<MoveForm>({
    defaultValues: { scheduled_date: date, scheduled_time: time, reason: "" },
    save: async ({ reason, ...when }) => {
      await moveGroup(session.id, { ...when, ...(reason.trim() && { reason: reason.trim() }) });
      await onMoved();
    },
  });
  const { errors, isSubmitting, isDirty } = formState;
  return (
    <Dialog open onClose={() => !isSubmitting && onClose()} title={groupForms.moveTitle}>
      <form onSubmit={submit} noValidate className={dialogColumn}>
        <DialogBody>
          <div className="space-y-5">
            {problem && <Alert tone="bad">{problem}</Alert>}
            <div className="rounded-control border border-dashed border-line-strong px-4 py-3">
              <p className="text-sm font-semibold text-ink-soft">{groupForms.now}</p>
              <p className="tabular-nums">
                <span className="block">{formatLongDay(session.starts_at, timeZone)}</span>
                <span className="block">{formatTimeRange(session.starts_at, session.ends_at, timeZone)}</span>
              </p>
            </div>
            <div className="grid gap-x-3 gap-y-4 min-[22rem]:grid-cols-[1.4fr_1fr]">
              <Field
                label={groupForms.date}
                hint={groupForms.dateHint(zoneLabel(timeZone))}
                error={errors.scheduled_date?.message}
                required
              >
                {(control) => (
                  <Input
                    {...control}
                    {...register("scheduled_date", {
                      validate: (typed) => typed >= today || groupForms.noDate,
                    })}
                    type="date"
                    min={today}
                  />
                )}
              </Field>
              <Field label={groupForms.time} error={errors.scheduled_time?.message} required>
                {(control) => (
                  <TimeInput
                    {...control}
                    {...register("scheduled_time", { required: groupForms.noTime })}
                    step={300}
                  />
                )}
              </Field>
            </div>
            <Field label={reasonField.label(groupForms.everyone)} error={errors.reason?.message} optional>
              {(control) => <Textarea {...control} {...register("reason")} maxLength={textLimits.reason} />}
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
    </Dialog>
  );
}
