import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { countLimits } from "#rules/limits.ts";
import { newAlert } from "#words/alerts.ts";
import { bookableDates, freeSlotIn, slotSearch } from "@/features/book/freeTimes.ts";
import { slotsQuery } from "@/features/book/queries.ts";
import { TimeItems } from "@/features/book/TimeItems.tsx";
import type { AlertAsideProps } from "@/features/book/timeAsides.ts";
import { useSignInFirst } from "@/features/timeRequests/useSignInFirst.tsx";
import { ApiProblem, type NextSlot } from "@/lib/api.ts";
import type { DateRange } from "@/lib/months.ts";
import { firstName } from "@/lib/names.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";
import { addDays, type TypedDate, todayIn, zoneLabel } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Alert } from "@/ui/Alert.tsx";
import { AsideFooter } from "@/ui/AsideFooter.tsx";
import { Button } from "@/ui/Button.tsx";
import { DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { withElements } from "@/ui/withElements.tsx";
import { suggestAlertDays } from "./alertDays.ts";
import { createAlert } from "./api.ts";

/** Replaces the available times: creates an alert for some dates. */
export default function NewAlert(props: AlertAsideProps) {
  const signInFirst = useSignInFirst(newAlert.signIn, props.onBack);
  const days = useSuggestedDays(props);
  if (signInFirst) return signInFirst;
  return days ? <AlertForm {...props} days={days} /> : <PartLoading />;
}

/** undefined while loading. */
function useSuggestedDays({ mentor, choice, date }: AlertAsideProps): DateRange | undefined {
  const timeZone = useViewerTimeZone();
  const { from, to } = bookableDates(mentor.booking_window_days, timeZone);
  const last = addDays(from, countLimits.slotDays - 1);
  const search = slotSearch(mentor.id, choice, timeZone, { from, to: to < last ? to : last });
  const { data, isPending } = useQuery({ ...slotsQuery(search), enabled: date === null });
  if (date !== null) return { from: date, to: date };
  return isPending ? undefined : suggestAlertDays(data?.days ?? [], from);
}

function AlertForm({ mentor, choice, date, days, onSelect, onBack }: AlertAsideProps & { days: DateRange }) {
  const timeZone = useViewerTimeZone();
  const queryClient = useQueryClient();
  const [available, setAvailable] = useState<readonly NextSlot[]>([]);
  const mentorName = firstName(mentor.full_name);
  const today = todayIn(timeZone);
  const { register, submit, problem, formState, watch } = useSavingForm<Record<keyof DateRange, TypedDate>>({
    defaultValues: days,
    draftKey: `wait.${mentor.id}.${date ?? "any"}`,
    save: async (days) => {
      setAvailable([]);
      try {
        await createAlert({
          expert_id: mentor.id,
          service_id: choice.service.id,
          duration: choice.minutes,
          timezone: timeZone,
          ...days,
        });
      } catch (thrown) {
        if (thrown instanceof ApiProblem) setAvailable(thrown.nextSlots);
        throw thrown;
      }
      void queryClient.invalidateQueries({ queryKey: inboxKeys.alerts });
      toast.success(newAlert.created, { description: newAlert.next(mentorName) });
      onBack();
    },
  });
  const { errors, isSubmitting } = formState;

  return (
    <form onSubmit={submit} noValidate className={dialogColumn}>
      <DialogBody>
        <StepHeading>{newAlert.title}</StepHeading>
        <p className="mb-5 text-ink-soft">
          {withElements(
            (parts) => newAlert.lead({ minutes: choice.minutes, zone: zoneLabel(timeZone), ...parts }),
            { mentor: <bdi>{mentorName}</bdi> },
          )}
        </p>
        <div className="space-y-5">
          {/* Available times are good news, not an error. */}
          {problem && (
            <Alert tone={available.length > 0 ? "info" : "bad"} title={problem}>
              {available.length > 0 && (
                <ul className="mt-3 flex flex-wrap gap-2">
                  <TimeItems
                    slots={available.map((slot) => freeSlotIn(timeZone, slot))}
                    timeZone={timeZone}
                    mentorTimeZone={mentor.timezone}
                    mentorName={mentorName}
                    selected={null}
                    onSelect={onSelect}
                    withDay
                  />
                </ul>
              )}
            </Alert>
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={newAlert.from} error={errors.from?.message} required>
              {(input) => (
                <Input
                  {...input}
                  {...register("from", { required: newAlert.noDate })}
                  type="date"
                  min={today}
                />
              )}
            </Field>
            <Field label={newAlert.to} error={errors.to?.message} required>
              {(input) => (
                <Input
                  {...input}
                  {...register("to", { required: newAlert.noDate })}
                  type="date"
                  min={watch("from") || today}
                />
              )}
            </Field>
          </div>
        </div>
      </DialogBody>
      <AsideFooter onBack={onBack} isDisabled={isSubmitting}>
        <Button type="submit" pending={isSubmitting} className="flex-1 sm:flex-none">
          {newAlert.submit}
        </Button>
      </AsideFooter>
    </form>
  );
}
