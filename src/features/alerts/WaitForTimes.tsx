import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { countLimits } from "#rules/limits.ts";
import { bookableDates, slotSearch } from "@/features/book/freeTimes.ts";
import { slotsQuery } from "@/features/book/queries.ts";
import { TimeButton } from "@/features/book/TimeButton.tsx";
import type { WaitAsideProps } from "@/features/book/timeAsides.ts";
import { useSignInFirst } from "@/features/timeRequests/useSignInFirst.tsx";
import { ApiProblem, type NextSlot } from "@/lib/api.ts";
import type { DateRange } from "@/lib/months.ts";
import { firstName } from "@/lib/names.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";
import { addDays, todayIn, wallClock, zoneLabel } from "@/lib/time.ts";
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
import { waitForTime } from "./api.ts";
import { daysToWait } from "./daysToWait.ts";

/** In place of the times that are offered: be told when one opens on some days. */
export default function WaitForTimes(props: WaitAsideProps) {
  const signInFirst = useSignInFirst("be told when a time opens", props.onBack);
  const days = useSuggestedDays(props);
  if (signInFirst) return signInFirst;
  return days ? <WaitForTimesForm {...props} days={days} /> : <PartLoading />;
}

/** undefined while they are looked for. */
function useSuggestedDays({ mentor, choice, date }: WaitAsideProps): DateRange | undefined {
  const timeZone = useViewerTimeZone();
  const { from, to } = bookableDates(mentor.booking_window_days, timeZone);
  const last = addDays(from, countLimits.slotDays - 1);
  const question = slotSearch(mentor.id, choice, timeZone, { from, to: to < last ? to : last });
  const { data, isPending } = useQuery({ ...slotsQuery(question), enabled: date === null });
  if (date !== null) return { from: date, to: date };
  return isPending ? undefined : daysToWait(data?.days ?? [], from);
}

function WaitForTimesForm({
  mentor,
  choice,
  date,
  days,
  onSelect,
  onBack,
}: WaitAsideProps & { days: DateRange }) {
  const timeZone = useViewerTimeZone();
  const queryClient = useQueryClient();
  const [free, setFree] = useState<readonly NextSlot[]>([]);
  const mentorName = firstName(mentor.full_name);
  const today = todayIn(timeZone);
  const { register, submit, problem, formState, watch } = useSavingForm<DateRange>({
    defaultValues: days,
    draftKey: `wait.${mentor.id}.${date ?? "any"}`,
    save: async (days) => {
      setFree([]);
      try {
        await waitForTime({
          expert_id: mentor.id,
          service_id: choice.service.id,
          duration: choice.minutes,
          timezone: timeZone,
          ...days,
        });
      } catch (thrown) {
        if (thrown instanceof ApiProblem) setFree(thrown.nextSlots);
        throw thrown;
      }
      void queryClient.invalidateQueries({ queryKey: inboxKeys.alerts });
      toast.success("We will tell you.", {
        description: `As soon as ${mentorName} has a free time on these days, you hear of it at the bell.`,
      });
      onBack();
    },
  });
  const { errors, isSubmitting } = formState;

  return (
    <form onSubmit={submit} noValidate className={dialogColumn}>
      <DialogBody>
        <StepHeading>Tell me when it opens</StepHeading>
        <p className="mb-5 text-ink-soft">
          When <bdi>{mentorName}</bdi> gets a free time of {choice.minutes} minutes on these days, you are
          told once. The days are those of your calendar ({zoneLabel(timeZone)}).
        </p>
        <div className="space-y-5">
          {/* That there are free times is news, not a mistake. */}
          {problem && (
            <Alert tone={free.length > 0 ? "info" : "bad"} title={problem}>
              {free.length > 0 && (
                <ul className="mt-3 flex flex-wrap gap-2">
                  {free.map((slot) => (
                    <li key={slot.starts_at}>
                      <TimeButton
                        slot={{ ...slot, ...wallClock(slot.starts_at, timeZone) }}
                        timeZone={timeZone}
                        mentorTimeZone={mentor.timezone}
                        mentorName={mentorName}
                        selected={false}
                        onSelect={onSelect}
                        withDay
                      />
                    </li>
                  ))}
                </ul>
              )}
            </Alert>
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="From" error={errors.from?.message} required>
              {(input) => (
                <Input
                  {...input}
                  {...register("from", { required: "Please choose a date." })}
                  type="date"
                  min={today}
                />
              )}
            </Field>
            <Field label="To" error={errors.to?.message} required>
              {(input) => (
                <Input
                  {...input}
                  {...register("to", { required: "Please choose a date." })}
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
          Tell me
        </Button>
      </AsideFooter>
    </form>
  );
}
