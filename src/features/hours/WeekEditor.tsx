import { useEffect } from "react";
import { FormProvider } from "react-hook-form";
import type { OwnHours } from "#contract/ownHours.ts";
import { sessionsOutsideHours, weeklyHours } from "#words/hours.ts";
import { firstWeekday } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { SaveBar, saveBarOffset } from "@/ui/SaveBar.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { replaceWeek } from "./api.ts";
import { DayHours } from "./DayHours.tsx";
import { useHoursDraft, useHoursDraftContext } from "./hoursDraft.ts";
import { useBaseRevision } from "./hoursRevision.ts";
import { DraftSessionsOutsideHours } from "./SessionsOutsideHours.tsx";
import { StaleHours } from "./StaleHours.tsx";
import { useStaleHours } from "./useStaleHours.ts";
import { WeekGrid } from "./WeekGrid.tsx";
import { replaceWeekOf, type WeekForm, weekFormOf, weekPathOf } from "./weekForm.ts";

/** The whole week as one form, saved together: drawn on a grid or typed day by day. */
export function WeekEditor({ mentorId, hours }: { mentorId: string; hours: OwnHours }) {
  const form = useSavingForm<WeekForm>({
    defaultValues: weekFormOf(hours.slots),
    pathOf: weekPathOf,
    save: async (values) => {
      const saved = await changes.save((options) => replaceWeek(replaceWeekOf(values), options));
      if (!saved) return;
      form.reset(weekFormOf(saved.data));
      toast.success(weeklyHours.saved);
    },
  });
  const { isDirty, isSubmitting } = form.formState;
  const base = useBaseRevision(hours.hours_revision, isDirty);
  const changes = useStaleHours(mentorId, base);
  const { newlyOutside } = useHoursDraftContext();
  useUnsavedChanges(isDirty);
  useHoursDraft("week", isDirty ? form.watch() : undefined);

  // Takes over hours that another tab has saved, while there are no unsaved changes here.
  useEffect(() => {
    if (!isDirty) form.reset(weekFormOf(hours.slots));
  }, [hours.slots, isDirty, form.reset]);

  const first = firstWeekday();
  const order = [0, 1, 2, 3, 4, 5, 6].map((offset) => (first + offset) % 7);
  const loadNewer = async () => form.reset(weekFormOf((await changes.loadNewer()).slots));
  const keepMine = async () => {
    await changes.loadNewer();
    await form.submit();
  };
  return (
    <FormProvider {...form}>
      <form onSubmit={form.submit} noValidate aria-labelledby="weekly-hours">
        <Card className={saveBarOffset}>
          {form.problem && (
            <Alert tone="bad" className="m-4">
              {form.problem}
            </Alert>
          )}
          <WeekGrid order={order} />
          <div>
            {order.map((day) => (
              <DayHours key={day} day={day} />
            ))}
          </div>
          {changes.stale && <StaleHours onLoad={loadNewer} onKeep={keepMine} className="mx-4 mb-4 sm:mx-6" />}
          <DraftSessionsOutsideHours isDirty={isDirty} timeZone={hours.timezone} />
          <SaveBar
            isDirty={isDirty}
            isSaving={isSubmitting}
            note={newlyOutside.length > 0 ? sessionsOutsideHours.note(newlyOutside.length) : undefined}
            saveLabel={weeklyHours.save}
            onDiscard={() => form.reset(weekFormOf(hours.slots))}
          />
        </Card>
      </form>
    </FormProvider>
  );
}
