import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { UseFormRegisterReturn } from "react-hook-form";
import type { WaitlistEntry } from "#contract/waitlist.ts";
import { countLimits } from "#rules/limits.ts";
import { newAlert } from "#words/alerts.ts";
import { joined, waitForTime } from "#words/waitlist.ts";
import { suggestAlertDays } from "@/features/alerts/alertDays.ts";
import { createAlert } from "@/features/alerts/api.ts";
import { bookableDates, freeSlotIn, slotSearch } from "@/features/book/freeTimes.ts";
import { slotsQuery } from "@/features/book/queries.ts";
import { TimeItems } from "@/features/book/TimeItems.tsx";
import type { WaitAsideProps } from "@/features/book/timeAsides.ts";
import { useSignInFirst } from "@/features/timeRequests/useSignInFirst.tsx";
import { ApiProblem, type NextSlot } from "@/lib/api.ts";
import type { DateRange } from "@/lib/months.ts";
import { firstName } from "@/lib/names.ts";
import { inboxKeys, queryKeys } from "@/lib/queryKeys.ts";
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
import { joinWaitlist } from "./api.ts";
import { QueuePlace } from "./QueuePlace.tsx";

/** Replaces the available times: waits for one on some dates, in the queue or just for news. */
export default function WaitForTime(props: WaitAsideProps) {
  const signInFirst = useSignInFirst(waitForTime.signIn, props.onBack);
  const days = useSuggestedDays(props);
  const [entry, setEntry] = useState<WaitlistEntry | null>(null);
  if (signInFirst) return signInFirst;
  if (entry) return <Joined entry={entry} onBack={props.onBack} />;
  return days ? <WaitForm {...props} days={days} onJoined={setEntry} /> : <PartLoading />;
}

/** undefined while loading. */
function useSuggestedDays({ mentor, choice, date }: WaitAsideProps): DateRange | undefined {
  const timeZone = useViewerTimeZone();
  const { from, to } = bookableDates(mentor.booking_window_days, timeZone);
  const last = addDays(from, countLimits.slotDays - 1);
  const search = slotSearch(mentor.id, choice, timeZone, { from, to: to < last ? to : last });
  const { data, isPending } = useQuery({ ...slotsQuery(search), enabled: date === null });
  if (date !== null) return { from: date, to: date };
  return isPending ? undefined : suggestAlertDays(data?.days ?? [], from);
}

type Way = "waitlist" | "alert";
type WaitFields = Record<keyof DateRange, TypedDate> & { way: Way };
type WaitFormProps = WaitAsideProps & { days: DateRange; onJoined: (entry: WaitlistEntry) => void };

function WaitForm({ mentor, choice, date, days, onSelect, onBack, onJoined }: WaitFormProps) {
  const timeZone = useViewerTimeZone();
  const queryClient = useQueryClient();
  const [available, setAvailable] = useState<readonly NextSlot[]>([]);
  const mentorName = firstName(mentor.full_name);
  const today = todayIn(timeZone);
  const { register, submit, problem, formState, watch } = useSavingForm<WaitFields>({
    defaultValues: { ...days, way: "waitlist" },
    draftKey: `wait.${mentor.id}.${date ?? "any"}`,
    save: async ({ way, ...range }) => {
      setAvailable([]);
      const what = { service_id: choice.service.id, duration: choice.minutes, timezone: timeZone, ...range };
      try {
        if (way === "waitlist") {
          onJoined(await joinWaitlist(mentor.id, { kind: "days", ...what }));
          await queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
          return;
        }
        await createAlert({ expert_id: mentor.id, ...what });
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
  const way = watch("way");
  return (
    <form onSubmit={submit} noValidate className={dialogColumn}>
      <DialogBody>
        <StepHeading>{waitForTime.title}</StepHeading>
        <p className="mb-5 text-ink-soft">
          {withElements(
            (parts) => waitForTime.lead({ minutes: choice.minutes, zone: zoneLabel(timeZone), ...parts }),
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
          <fieldset className="grid gap-2 sm:grid-cols-2">
            <legend className="sr-only">{waitForTime.way}</legend>
            <WayOption
              way="waitlist"
              label={waitForTime.waitlist}
              detail={waitForTime.waitlistDetail}
              field={register("way")}
            />
            <WayOption
              way="alert"
              label={waitForTime.alert}
              detail={waitForTime.alertDetail}
              field={register("way")}
            />
          </fieldset>
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
          {waitForTime.submit[way]}
        </Button>
      </AsideFooter>
    </form>
  );
}

type WayOptionProps = { way: Way; label: string; detail: string; field: UseFormRegisterReturn };

/** A native radio button inside its label: the whole card is the target. */
function WayOption({ way, label, detail, field }: WayOptionProps) {
  return (
    <label className="tap flex items-start gap-3 rounded-control border border-line-strong bg-surface px-4 py-3 transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft">
      <input type="radio" value={way} {...field} className="radio mt-0.5" />
      <span className="min-w-0">
        <span className="block font-semibold">{label}</span>
        <span className="block text-sm text-ink-soft">{detail}</span>
      </span>
    </label>
  );
}

function Joined({ entry, onBack }: { entry: WaitlistEntry; onBack: () => void }) {
  return (
    <>
      <DialogBody>
        <StepHeading>{joined.title}</StepHeading>
        <Alert tone="good">
          <QueuePlace entry={entry} onLeft={onBack} />
        </Alert>
      </DialogBody>
      <AsideFooter onBack={onBack} />
    </>
  );
}
