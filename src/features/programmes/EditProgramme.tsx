import { FormProvider } from "react-hook-form";
import type { Programme } from "#contract/programmes.ts";
import { controls } from "#words/controls.ts";
import { groupForms } from "#words/groupSessions.ts";
import { programmeForm } from "#words/programmes.ts";
import { ProgrammeWordFields } from "@/features/groupSessions/ProgrammeFields.tsx";
import { SeatCountField } from "@/features/groupSessions/SeatFields.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { changeProgramme } from "./api.ts";

type EditProgrammeProps = { programme: Programme; onSaved: () => Promise<void>; onClose: () => void };

/** Changes the words and the seats of a programme. Its dates, price and minimum are fixed, which the form says. */
export function EditProgramme({ programme, onSaved, onClose }: EditProgrammeProps) {
  const { id, title, description, capacity, attendees } = programme;
  const form = useSavingForm({
    defaultValues: { title, description, capacity: String(capacity) },
    save: async (typed) => {
      const before = { title, description, capacity };
      const after = { ...typed, capacity: Number(typed.capacity) };
      const changed = Object.entries(after).filter(
        ([name, value]) => before[name as keyof typeof before] !== value,
      );
      await changeProgramme(id, Object.fromEntries(changed));
      await onSaved();
    },
  });
  const { isSubmitting, isDirty } = form.formState;
  return (
    <Dialog open onClose={() => !isSubmitting && onClose()} title={programmeForm.editTitle}>
      <FormProvider {...form}>
        <form onSubmit={form.submit} noValidate className={dialogColumn}>
          <DialogBody>
            <div className="space-y-5">
              {form.problem && <Alert tone="bad">{form.problem}</Alert>}
              <ProgrammeWordFields />
              <SeatCountField hint={groupForms.seatsHint(attendees)} />
              <p className="text-sm text-ink-soft">{programmeForm.fixed}</p>
            </div>
          </DialogBody>
          <DialogActions>
            <DialogClose disabled={isSubmitting}>{controls.cancel}</DialogClose>
            <Button type="submit" pending={isSubmitting} disabled={!isDirty}>
              {groupForms.change}
            </Button>
          </DialogActions>
        </form>
      </FormProvider>
    </Dialog>
  );
}
