import { useQuery } from "@tanstack/react-query";
import type { OwnHours } from "#contract/ownHours.ts";
import { hoursFields, hoursPage, hoursWindow } from "#words/hours.ts";
import { hoursStep, setupSteps, stepButtons } from "#words/onboarding.ts";
import { replaceWeek } from "@/features/hours/api.ts";
import { useHoursSaver } from "@/features/hours/hoursRevision.ts";
import { allHoursQuery } from "@/features/hours/queries.ts";
import { firstWeekday, formatWeekday } from "@/lib/time.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Field, FieldError } from "@/ui/Field.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { TimeInput } from "@/ui/TimeInput.tsx";
import { TimeZoneNote } from "@/ui/TimeZoneNote.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { StepForm } from "./StepFrame.tsx";

/** Checkboxes hold text. */
type HoursForm = { days: string[]; start: string; end: string };
type HoursStepProps = { mentorId: string; onDone: () => void };

export function HoursStep({ mentorId, onDone }: HoursStepProps) {
  const hours = useQuery(allHoursQuery(mentorId));
  if (hours.data) return <SameHours mentorId={mentorId} hours={hours.data} onDone={onDone} />;
  if (!hours.isError) return <Skeleton className="h-96 w-full" />;
  return <ProblemState title={hoursPage.failed} error={hours.error} onRetry={hours.refetch} />;
}

/** The same hours on some days of the week. */
function SameHours({ mentorId, hours, onDone }: HoursStepProps & { hours: OwnHours }) {
  const save = useHoursSaver(mentorId);
  const form = useSavingForm<HoursForm>({
    defaultValues: { days: ["1", "2", "3", "4", "5"], start: "09:00", end: "17:00" },
    pathOf: (field) => (field.endsWith("start_time") ? "start" : field.endsWith("end_time") ? "end" : null),
    save: async (values) => {
      const { start, end } = values;
      const recurringSlots = values.days.map((day) => ({
        day_of_week: Number(day),
        start_time: start,
        end_time: end,
      }));
      await save(hours.hours_revision, (options) => replaceWeek({ recurringSlots }, options));
      form.reset(values);
      onDone();
    },
  });
  const { errors, isDirty } = form.formState;
  useUnsavedChanges(isDirty);
  const order = [0, 1, 2, 3, 4, 5, 6].map((offset) => (firstWeekday() + offset) % 7);
  return (
    <StepForm
      form={form}
      title={setupSteps.hours}
      lead={
        <>
          {hoursStep.lead} <TimeZoneNote timeZone={hours.timezone} />
        </>
      }
      saveLabel={stepButtons.save}
      onSkip={null}
    >
      <fieldset aria-describedby={errors.days ? "setup-days-error" : undefined}>
        <legend className="mb-1.5 font-semibold">{hoursStep.days}</legend>
        <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
          {order.map((day) => (
            <label
              key={day}
              className="tap flex items-center gap-2.5 rounded-control border border-line-strong bg-surface px-3 py-2 font-medium transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft"
            >
              <input
                type="checkbox"
                value={String(day)}
                className="checkbox"
                {...form.register("days", {
                  validate: (days) => days.length > 0 || hoursStep.noDays,
                })}
              />
              {formatWeekday(day, "long")}
            </label>
          ))}
        </div>
        {errors.days?.message && <FieldError id="setup-days-error">{errors.days.message}</FieldError>}
      </fieldset>
      <div className="grid max-w-sm grid-cols-2 gap-4">
        <Field label={hoursFields.from} error={errors.start?.message} required>
          {(props) => (
            <TimeInput {...props} {...form.register("start", { required: hoursWindow.startMissing })} />
          )}
        </Field>
        <Field label={hoursFields.to} error={errors.end?.message} required>
          {(props) => (
            <TimeInput {...props} {...form.register("end", { required: hoursWindow.endMissing })} />
          )}
        </Field>
      </div>
    </StepForm>
  );
}
