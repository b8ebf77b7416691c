import { Plane } from "lucide-react";
import type { OwnHours } from "#contract/ownHours.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { hoursFields, travel } from "#words/hours.ts";
import { zoneCity } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { TimeZoneSelect } from "@/ui/TimeZoneSelect.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { addTravel } from "./api.ts";
import { useHoursDraft } from "./hoursDraft.ts";
import { useBaseRevision } from "./hoursRevision.ts";
import { DraftSessionsOutsideHours } from "./SessionsOutsideHours.tsx";
import { StaleHours } from "./StaleHours.tsx";
import { useStaleHours } from "./useStaleHours.ts";

type TravelFormProps = { mentorId: string; hours: OwnHours; today: LocalDate };

/** Adds days in another time zone. */
export function TravelForm({ mentorId, hours, today }: TravelFormProps) {
  const nothing = { starts_on: "", ends_on: "", timezone: hours.timezone };
  const { register, submit, problem, formState, watch, reset } = useSavingForm({
    defaultValues: nothing,
    save: async (period: typeof nothing) => {
      const saved = await changes.save((options) => addTravel(period, options));
      if (!saved) return;
      toast.success(travel.added(zoneCity(period.timezone)));
      reset(nothing);
    },
  });
  const { errors, isDirty, isSubmitting } = formState;
  const changes = useStaleHours(mentorId, useBaseRevision(hours.hours_revision, isDirty));
  const typed = watch();
  const isWhole =
    typed.starts_on !== "" && typed.ends_on >= typed.starts_on && typed.timezone !== hours.timezone;
  useHoursDraft("travel", isWhole ? typed : undefined);
  return (
    <form onSubmit={submit} noValidate aria-label={travel.form}>
      <div className="space-y-4 p-4 sm:px-6">
        {problem && <Alert tone="bad">{problem}</Alert>}
        {changes.stale && <StaleHours onLoad={changes.loadNewer} />}
        <div className="grid gap-x-3 gap-y-4 sm:grid-cols-2">
          <Field label={travel.first} error={errors.starts_on?.message} required>
            {(control) => (
              <Input
                {...control}
                {...register("starts_on", { required: hoursFields.dateMissing })}
                type="date"
                min={today}
              />
            )}
          </Field>
          <Field label={travel.last} error={errors.ends_on?.message} required>
            {(control) => (
              <Input
                {...control}
                {...register("ends_on", {
                  required: hoursFields.dateMissing,
                  validate: (value, form) => value >= form.starts_on || hoursFields.lastBeforeFirst,
                })}
                type="date"
                min={typed.starts_on || today}
              />
            )}
          </Field>
          <Field label={travel.timeZone} error={errors.timezone?.message} className="sm:col-span-2">
            {(control) => (
              <TimeZoneSelect
                {...control}
                {...register("timezone", {
                  validate: (value) => value !== hours.timezone || travel.usualZone,
                })}
                current={typed.timezone}
              />
            )}
          </Field>
        </div>
        <Button type="submit" variant="secondary" pending={isSubmitting}>
          <Plane aria-hidden className="size-4" />
          {isSubmitting ? hoursFields.adding : travel.add}
        </Button>
      </div>
      <DraftSessionsOutsideHours isDirty={isWhole} timeZone={hours.timezone} />
    </form>
  );
}
