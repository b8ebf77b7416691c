import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { FormProvider } from "react-hook-form";
import { toast } from "sonner";
import { Alert } from "@/components/ui/Alert";
import { Card } from "@/components/ui/Card";
import { useSavingForm } from "@/hooks/useSavingForm";
import { ownKeys } from "@/lib/ownQueries";
import { firstWeekday } from "@/lib/time";
import { useUnsavedChanges } from "@/lib/unsavedChanges";
import { replaceWeek } from "@/services/mentorService";
import type { AvailabilitySlot } from "../../../contract/availability";
import { DayHours } from "./DayHours";
import { clearOfSaveBar, SaveBar } from "./SaveBar";
import { outsideWords, SessionsOutside } from "./SessionsOutside";
import { useMentorAccount } from "./useMentorAccount";
import { useSessionsOutside } from "./useSessionsOutside";
import { replaceWeekOf, type WeekForm, weekFormOf, weekPathOf } from "./weekForm";

type WeeklyHoursFormProps = { mentorId: string; slots: readonly AvailabilitySlot[] };

/** The whole week is one form and is saved at once. */
export function WeeklyHoursForm({ mentorId, slots }: WeeklyHoursFormProps) {
  const queryClient = useQueryClient();
  const account = useMentorAccount();
  const form = useSavingForm<WeekForm>({
    defaultValues: weekFormOf(slots),
    pathOf: weekPathOf,
    save: async (values) => {
      const saved = await replaceWeek(replaceWeekOf(values));
      queryClient.setQueryData(ownKeys.hours(mentorId), saved);
      form.reset(weekFormOf(saved));
      void account.hoursChanged(mentorId);
      toast.success("Your weekly hours are saved.");
    },
  });
  const { isDirty, isSubmitting } = form.formState;
  useUnsavedChanges(isDirty);

  // Hours that another tab has saved, as long as nothing is being typed here.
  useEffect(() => {
    if (!isDirty) form.reset(weekFormOf(slots));
  }, [slots, isDirty, form.reset]);

  const outside = useSessionsOutside(form.control, mentorId, slots);
  const first = firstWeekday();
  const order = [0, 1, 2, 3, 4, 5, 6].map((offset) => (first + offset) % 7);
  return (
    <FormProvider {...form}>
      <form onSubmit={form.submit} noValidate aria-labelledby="weekly-hours">
        <Card className={clearOfSaveBar}>
          {form.problem && (
            <Alert tone="bad" className="m-4">
              {form.problem}
            </Alert>
          )}
          <div>
            {order.map((day) => (
              <DayHours key={day} day={day} />
            ))}
          </div>
          {isDirty && <SessionsOutside sessions={outside} />}
          <SaveBar
            isDirty={isDirty}
            isSaving={isSubmitting}
            note={outside.length > 0 ? outsideWords(outside.length) : undefined}
            saveWords="Save weekly hours"
            onDiscard={() => form.reset(weekFormOf(slots))}
          />
        </Card>
      </form>
    </FormProvider>
  );
}
