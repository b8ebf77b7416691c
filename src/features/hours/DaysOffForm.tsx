import { CalendarX } from "lucide-react";
import type { OwnHours } from "#contract/ownHours.ts";
import { textLimits } from "#rules/limits.ts";
import { localDate, readDate } from "#scheduling/dates.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { daysOff, hoursFields } from "#words/hours.ts";
import { dateRange } from "#words/times.ts";
import { formatDate, type TypedDate } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { blockDates } from "./api.ts";
import { useHoursDraft } from "./hoursDraft.ts";
import { useBaseRevision } from "./hoursRevision.ts";
import { DraftSessionsOutsideHours } from "./SessionsOutsideHours.tsx";
import { StaleHours } from "./StaleHours.tsx";
import { useStaleHours } from "./useStaleHours.ts";

type DaysOffFields = { date: TypedDate; end_date: TypedDate; reason: string };
const nothing: DaysOffFields = { date: "", end_date: "", reason: "" };

type DaysOffFormProps = { mentorId: string; hours: OwnHours; today: LocalDate };

/** Adds one day off or a range of them. Lists the sessions booked on these days, which are kept. */
export function DaysOffForm({ mentorId, hours, today }: DaysOffFormProps) {
  const { register, submit, problem, formState, watch, reset } = useSavingForm<DaysOffFields>({
    defaultValues: nothing,
    save: async ({ date, end_date, reason }) => {
      const isRange = end_date !== "" && end_date !== date;
      const days = { date, reason: reason.trim() || null, ...(isRange && { end_date }) };
      const saved = await changes.save((options) => blockDates(days, options));
      if (!saved) return;
      toast.success(
        isRange
          ? daysOff.addedSeveral(dateRange(formatDate(localDate(date)), formatDate(localDate(end_date))))
          : daysOff.addedOne(formatDate(localDate(date))),
      );
      reset(nothing);
    },
  });
  const { errors, isDirty, isSubmitting } = formState;
  const changes = useStaleHours(mentorId, useBaseRevision(hours.hours_revision, isDirty));
  const { date, end_date } = watch();
  const from = readDate(date);
  const to = end_date === "" ? from : readDate(end_date);
  const isWhole = from !== null && to !== null && from >= today && to >= from;
  useHoursDraft("daysOff", isWhole ? { from, to } : undefined);
  return (
    <form onSubmit={submit} noValidate aria-label={daysOff.form}>
      <div className="space-y-4 p-4 sm:px-6">
        {problem && <Alert tone="bad">{problem}</Alert>}
        {changes.stale && <StaleHours onLoad={changes.loadNewer} />}
        <div className="grid gap-x-3 gap-y-4 sm:grid-cols-2">
          <Field label={daysOff.first} error={errors.date?.message} required>
            {(control) => (
              <Input
                {...control}
                {...register("date", {
                  required: hoursFields.dateMissing,
                  validate: (value) => value >= today || hoursFields.datePassed,
                })}
                type="date"
                min={today}
              />
            )}
          </Field>
          <Field label={daysOff.last} error={errors.end_date?.message} hint={daysOff.lastHint} optional>
            {(control) => (
              <Input
                {...control}
                {...register("end_date", {
                  validate: (value, form) =>
                    value === "" || value >= form.date || hoursFields.lastBeforeFirst,
                })}
                type="date"
                min={date || today}
              />
            )}
          </Field>
          <Field
            label={daysOff.reason}
            hint={daysOff.reasonHint}
            error={errors.reason?.message}
            optional
            className="sm:col-span-2"
          >
            {(control) => (
              <Input {...control} {...register("reason")} maxLength={textLimits.reason} autoComplete="off" />
            )}
          </Field>
        </div>
        <Button type="submit" variant="secondary" pending={isSubmitting}>
          <CalendarX aria-hidden className="size-4" />
          {isSubmitting ? hoursFields.adding : isWhole && to > from ? daysOff.addSeveral : daysOff.addOne}
        </Button>
      </div>
      <DraftSessionsOutsideHours isDirty={isWhole} timeZone={hours.timezone} />
    </form>
  );
}
