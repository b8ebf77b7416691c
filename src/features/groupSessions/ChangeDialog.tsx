import { FormProvider } from "react-hook-form";
import type { GroupSession } from "#contract/groupSessions.ts";
import { MINUTE_MS } from "#scheduling/units.ts";
import { controls } from "#words/controls.ts";
import { groupForms } from "#words/groupSessions.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { changeGroup } from "./api.ts";
import { type SeatsForm, seatsOf } from "./groupForm.ts";
import { SeatFields } from "./SeatFields.tsx";

type ChangeDialogProps = { session: GroupSession; onSaved: () => Promise<void>; onClose: () => void };

/** Changes the seats and the terms of a coming session. Only what was changed is sent. */
export function ChangeDialog({ session, onSaved, onClose }: ChangeDialogProps) {
  const isDecided = session.state === "on";
  const form = useSavingForm<SeatsForm>({
    defaultValues: formOf(session),
    save: async (typed) => {
      const before = seatsOf(formOf(session));
      const changed = Object.entries(seatsOf(typed)).filter(
        ([name, value]) => before[name as keyof typeof before] !== value,
      );
      await changeGroup(session.id, Object.fromEntries(changed));
      await onSaved();
    },
  });
  const { isSubmitting } = form.formState;
  return (
    <Dialog open onClose={() => !isSubmitting && onClose()} title={groupForms.changeTitle}>
      <FormProvider {...form}>
        <form onSubmit={form.submit} noValidate className={dialogColumn}>
          <DialogBody>
            {form.problem && (
              <Alert tone="bad" className="mb-5">
                {form.problem}
              </Alert>
            )}
            <SeatFields seatsHint={groupForms.seatsHint(session.seats_taken)} isDecided={isDecided} />
          </DialogBody>
          <DialogActions>
            <DialogClose disabled={isSubmitting}>{controls.cancel}</DialogClose>
            <Button type="submit" pending={isSubmitting}>
              {groupForms.change}
            </Button>
          </DialogActions>
        </form>
      </FormProvider>
    </Dialog>
  );
}

function formOf({ capacity, min_attendees, starts_at, decide_at, join_until }: GroupSession): SeatsForm {
  const start = Date.parse(starts_at);
  return {
    capacity: String(capacity),
    min_attendees: String(min_attendees),
    decide_minutes: String((start - Date.parse(decide_at)) / MINUTE_MS),
    late_join_minutes: String((Date.parse(join_until) - start) / MINUTE_MS),
  };
}
