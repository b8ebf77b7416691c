import { CalendarPlus } from "lucide-react";
import type { OwnHours } from "#contract/ownHours.ts";
import { localDate } from "#scheduling/dates.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { datedHours, hoursFields, windowEndings } from "#words/hours.ts";
import { formatDate, type TypedDate } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { TimeInput } from "@/ui/TimeInput.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { addHours } from "./api.ts";
import { useHoursDraft } from "./hoursDraft.ts";
import { useBaseRevision } from "./hoursRevision.ts";
import { DraftSessionsOutsideHours } from "./SessionsOutsideHours.tsx";
import { StaleHours } from "./StaleHours.tsx";
import { useStaleHours } from "./useStaleHours.ts";
import { timeFieldOf, windowEnding } from "./weekForm.ts";
import { placeOf } from "./weekGrid.ts";

type DatedWindow = {
  specific_date: TypedDate;
  start_time: string;
  end_time: string;
  replaces_weekly: boolean;
};
const nothing: DatedWindow = { specific_date: "", start_time: "", end_time: "", replaces_weekly: false };

type DatedHoursFormProps = { mentorId: string; hours: OwnHours; today: LocalDate };

/** Adds one window on one date; the form is then empty for the next. */
export function DatedHoursForm({ mentorId, hours, today }: DatedHoursFormProps) {
  const { register, submit, problem, formState, watch, reset } = useSavingForm<DatedWindow>({
    defaultValues: nothing,
    save: async (values) => {
      const saved = await changes.save((options) => addHours(values, options));
      if (!saved) return;
      toast.success(datedHours.added(formatDate(localDate(values.specific_date))));
      reset(nothing);
    },
  });
  const { errors, isDirty, isSubmitting } = formState;
  const changes = useStaleHours(mentorId, useBaseRevision(hours.hours_revision, isDirty));
  const typed = watch();
  const isWhole =
    typed.specific_date >= today &&
    placeOf(0, { start: typed.start_time, end: timeFieldOf(typed.end_time) }) !== null;
  useHoursDraft("dated", isWhole ? typed : undefined);
  const ending = windowEnding({ start: typed.start_time, end: timeFieldOf(typed.end_time) });
  return (
    <form onSubmit={submit} noValidate aria-label={datedHours.form}>
      <div className="space-y-4 p-4 sm:px-6">
        {problem && <Alert tone="bad">{problem}</Alert>}
        {changes.stale && <StaleHours onLoad={changes.loadNewer} />}
        <div className="grid gap-x-3 gap-y-4 min-[22rem]:grid-cols-2 sm:grid-cols-[1.3fr_1fr_1fr]">
          <Field
            label={hoursFields.date}
            error={errors.specific_date?.message}
            required
            className="min-[22rem]:col-span-2 sm:col-span-1"
          >
            {(control) => (
              <Input
                {...control}
                {...register("specific_date", {
                  required: hoursFields.dateMissing,
                  validate: (date) => date >= today || hoursFields.datePassed,
                })}
                type="date"
                min={today}
              />
            )}
          </Field>
          <Field label={hoursFields.from} error={errors.start_time?.message} required>
            {(control) => (
              <TimeInput {...control} {...register("start_time", { required: hoursFields.timeMissing })} />
            )}
          </Field>
          <Field
            label={hoursFields.to}
            error={errors.end_time?.message}
            hint={ending && windowEndings[ending]}
            required
          >
            {(control) => (
              <TimeInput {...control} {...register("end_time", { required: hoursFields.timeMissing })} />
            )}
          </Field>
        </div>
        <Checkbox
          {...register("replaces_weekly")}
          label={datedHours.replace}
          detail={datedHours.replaceDetail}
        />
        <Button type="submit" variant="secondary" pending={isSubmitting}>
          <CalendarPlus aria-hidden className="size-4" />
          {isSubmitting ? hoursFields.adding : datedHours.add}
        </Button>
      </div>
      <DraftSessionsOutsideHours isDirty={isWhole} timeZone={hours.timezone} />
    </form>
  );
}
