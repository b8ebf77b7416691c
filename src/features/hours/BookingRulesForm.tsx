import { useEffect } from "react";
import type { OwnHours } from "#contract/ownHours.ts";
import { numberLimits } from "#rules/limits.ts";
import { windowHours } from "#rules/windows.ts";
import { schedulingRules } from "#words/hours.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { formatTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { SaveBar, saveBarOffset } from "@/ui/SaveBar.tsx";
import { TimeZoneSelect } from "@/ui/TimeZoneSelect.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { changeRules } from "./api.ts";
import {
  type BookingRules,
  changeOf,
  choices,
  numberOrNothing,
  numberUpTo,
  rulesOf,
  settingsOf,
} from "./bookingRules.ts";
import { useHoursDraft } from "./hoursDraft.ts";
import { useBaseRevision } from "./hoursRevision.ts";
import { LengthSelect } from "./LengthSelect.tsx";
import { DraftSessionsOutsideHours } from "./SessionsOutsideHours.tsx";
import { StaleHours } from "./StaleHours.tsx";
import { useStaleHours } from "./useStaleHours.ts";

const { bookingWindowDays, sessionsPerDay, sessionsPerWeek } = numberLimits;

/** The rules by which sessions are cut out of a mentor's hours, and the zone of these hours. */
export function BookingRulesForm({ mentorId, hours }: { mentorId: string; hours: OwnHours }) {
  const account = useMentorChanges();
  const now = useNow();
  const profile = { ...hours.settings, timezone: hours.timezone };
  const { register, submit, problem, formState, watch, reset } = useSavingForm<BookingRules>({
    defaultValues: rulesOf(profile),
    save: async (rules) => {
      const saved = await changes.save((options) => changeRules(changeOf(rules), options));
      if (!saved) return;
      reset(rulesOf(saved));
      account.profileChanged(saved);
      toast.success(schedulingRules.saved);
    },
  });
  const { errors, isDirty, isSubmitting } = formState;
  const changes = useStaleHours(mentorId, useBaseRevision(hours.hours_revision, isDirty));
  useUnsavedChanges(isDirty);
  useHoursDraft("rules", isDirty ? settingsOf(watch()) : undefined);
  const timezone = watch("timezone");
  useZones(timezone);
  const timeThere = formatTime(now.toISOString(), timezone);

  // Takes over rules that another tab has saved, while there are no unsaved changes here.
  const latest = JSON.stringify(rulesOf(profile));
  useEffect(() => {
    if (!isDirty) reset(JSON.parse(latest) as BookingRules);
  }, [latest, isDirty, reset]);
  const loadNewer = async () => {
    const { settings, timezone: zone } = await changes.loadNewer();
    reset(rulesOf({ ...settings, timezone: zone }));
  };
  const keepMine = async () => {
    await changes.loadNewer();
    await submit();
  };

  return (
    <form onSubmit={submit} noValidate aria-labelledby="booking-rules">
      <Card className={saveBarOffset}>
        <div className="grid gap-x-5 gap-y-5 p-4 sm:grid-cols-2 sm:p-6">
          {problem && (
            <Alert tone="bad" className="sm:col-span-2">
              {problem}
            </Alert>
          )}
          <Field
            label={schedulingRules.timeZone}
            hint={
              timezone === profile.timezone
                ? schedulingRules.timeZoneNow(timeThere)
                : schedulingRules.timeZoneChange(timeThere)
            }
            error={errors.timezone?.message}
            className="sm:col-span-2"
          >
            {(control) => (
              <TimeZoneSelect {...control} {...register("timezone")} current={profile.timezone} />
            )}
          </Field>
          <Field label={schedulingRules.interval} error={errors.slot_interval?.message}>
            {(control) => (
              <LengthSelect
                {...control}
                {...register("slot_interval")}
                minutes={choices.slot_interval}
                current={profile.slot_interval}
              />
            )}
          </Field>
          <Field label={schedulingRules.notice} error={errors.minimum_notice?.message}>
            {(control) => (
              <LengthSelect
                {...control}
                {...register("minimum_notice")}
                minutes={choices.minimum_notice}
                current={profile.minimum_notice}
              />
            )}
          </Field>
          <Field label={schedulingRules.bufferBefore} error={errors.buffer_before?.message}>
            {(control) => (
              <LengthSelect
                {...control}
                {...register("buffer_before")}
                minutes={choices.buffer}
                current={profile.buffer_before}
              />
            )}
          </Field>
          <Field label={schedulingRules.bufferAfter} error={errors.buffer_after?.message}>
            {(control) => (
              <LengthSelect
                {...control}
                {...register("buffer_after")}
                minutes={choices.buffer}
                current={profile.buffer_after}
              />
            )}
          </Field>
          <Field
            label={schedulingRules.window}
            hint={schedulingRules.windowHint(bookingWindowDays.min, bookingWindowDays.max)}
            error={errors.booking_window_days?.message}
            required
            className="sm:col-span-2"
          >
            {(control) => (
              <Input
                {...control}
                {...register("booking_window_days", { validate: numberUpTo(bookingWindowDays.max) })}
                inputMode="numeric"
                autoComplete="off"
              />
            )}
          </Field>
          <Field
            label={schedulingRules.perDay}
            hint={schedulingRules.perDayHint}
            error={errors.max_per_day?.message}
            optional
          >
            {(control) => (
              <Input
                {...control}
                {...register("max_per_day", { validate: numberOrNothing(sessionsPerDay.max) })}
                inputMode="numeric"
                autoComplete="off"
              />
            )}
          </Field>
          <Field
            label={schedulingRules.perWeek}
            hint={schedulingRules.perWeekHint}
            error={errors.max_per_week?.message}
            optional
          >
            {(control) => (
              <Input
                {...control}
                {...register("max_per_week", { validate: numberOrNothing(sessionsPerWeek.max) })}
                inputMode="numeric"
                autoComplete="off"
              />
            )}
          </Field>
          <Checkbox
            {...register("instant_confirm")}
            label={schedulingRules.instant}
            detail={schedulingRules.instantDetail(windowHours.requestAnswer)}
            className="sm:col-span-2"
          />
          <Checkbox
            {...register("approve_first_timers")}
            label={schedulingRules.firstTimers}
            detail={schedulingRules.firstTimersDetail}
            className="sm:col-span-2"
          />
        </div>
        {changes.stale && <StaleHours onLoad={loadNewer} onKeep={keepMine} className="mx-4 mb-4 sm:mx-6" />}
        <DraftSessionsOutsideHours isDirty={isDirty} timeZone={hours.timezone} />
        <SaveBar
          isDirty={isDirty}
          isSaving={isSubmitting}
          saveLabel={schedulingRules.save}
          onDiscard={() => reset(rulesOf(profile))}
        />
      </Card>
    </form>
  );
}
