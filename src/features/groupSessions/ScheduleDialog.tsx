import { useState } from "react";
import { FormProvider } from "react-hook-form";
import type { Service } from "#contract/services.ts";
import { moneyOf } from "#rules/money.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { controls } from "#words/controls.ts";
import { sessionLength } from "#words/durations.ts";
import { groupForms } from "#words/groupSessions.ts";
import { programmeForm } from "#words/programmes.ts";
import { ApiProblem } from "@/lib/api.ts";
import { formatMoney } from "@/lib/money.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Select } from "@/ui/Select.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { createProgramme, scheduleGroups } from "./api.ts";
import { DateList } from "./DateList.tsx";
import {
  datesOf,
  newProgrammeForm,
  type ProgrammeForm,
  programmeOf,
  scheduleOf,
  seatsFormOf,
  takenDates,
  weeksProblem,
} from "./groupForm.ts";
import { ProgrammeFields } from "./ProgrammeFields.tsx";
import { SeatFields } from "./SeatFields.tsx";
import { StartStatus } from "./StartNote.tsx";
import { useCheckedStarts } from "./useCheckedStarts.ts";
import { WhenFields } from "./WhenFields.tsx";

type ScheduleDialogProps = {
  /** With several seats, at least one. */
  services: readonly Service[];
  timeZone: string;
  onScheduled: (sessions: number) => Promise<void>;
  onClose: () => void;
};

/** Schedules a session for a date, or the same each week. Its dates are listed; those that are taken are named. */
export function ScheduleDialog({ services, timeZone, onScheduled, onClose }: ScheduleDialogProps) {
  const [takenStarts, setTakenStarts] = useState<readonly string[]>([]);
  const form = useSavingForm<ProgrammeForm>({
    defaultValues: services[0] ? newProgrammeForm(services[0]) : {},
    save: async (values) => {
      setTakenStarts([]);
      try {
        const made = isProgrammeOf(values)
          ? (await createProgramme(programmeOf(values))).sessions
          : await scheduleGroups(scheduleOf(values));
        await onScheduled(made.length);
      } catch (thrown) {
        if (thrown instanceof ApiProblem) setTakenStarts(thrown.said.taken_starts ?? []);
        throw thrown;
      }
    },
  });
  const { register, watch, setValue, formState } = form;
  const { errors, isSubmitting } = formState;
  const typed = watch();
  const service = services.find(({ id }) => id === typed.service_id);
  const dates = datesOf(typed);
  const skipped = new Set(typed.skipped_dates);
  const chosen = dates.filter((date) => !skipped.has(date));
  const isProgramme = isProgrammeOf(typed);
  const refused = takenDates(chosen, typed.scheduled_time, timeZone, takenStarts);
  const checked = useCheckedStarts(typed, dates.length > 0);
  const skip = (next: ReadonlySet<LocalDate>) => setValue("skipped_dates", [...next]);
  const chooseService = (id: string) => {
    const next = services.find((each) => each.id === id);
    if (!next) return;
    setValue("duration", String(next.durations[0]?.minutes ?? ""));
    for (const [name, value] of Object.entries(seatsFormOf(next)))
      setValue(name as keyof ReturnType<typeof seatsFormOf>, value);
  };
  return (
    <Dialog open onClose={() => !isSubmitting && onClose()} title={groupForms.scheduleTitle}>
      <FormProvider {...form}>
        <form onSubmit={form.submit} noValidate className={dialogColumn}>
          <DialogBody>
            <div className="space-y-5">
              {form.problem && <Alert tone="bad">{form.problem}</Alert>}
              {services.length > 1 && (
                <Field label={groupForms.service} error={errors.service_id?.message} required>
                  {(control) => (
                    <Select
                      {...control}
                      {...register("service_id", { onChange: (event) => chooseService(event.target.value) })}
                    >
                      {services.map(({ id, title }) => (
                        <option key={id} value={id}>
                          {title}
                        </option>
                      ))}
                    </Select>
                  )}
                </Field>
              )}
              <Field label={groupForms.length} error={errors.duration?.message} required>
                {(control) => (
                  <Select {...control} {...register("duration")}>
                    {service?.durations.map(({ minutes, price }) => (
                      <option key={minutes} value={minutes}>
                        {`${sessionLength(minutes)} · ${formatMoney(moneyOf(price, service.currency))}`}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
              <WhenFields timeZone={timeZone} />
              {dates.length === 1 && <StartStatus start={checked[0]} />}
              <Field
                label={groupForms.weeks}
                hint={groupForms.weeksHint}
                error={errors.weeks?.message}
                required
              >
                {(control) => (
                  <Input
                    {...control}
                    {...register("weeks", { validate: weeksProblem })}
                    inputMode="numeric"
                    autoComplete="off"
                  />
                )}
              </Field>
              {dates.length > 1 && (
                <DateList
                  {...{ dates, skipped, refused }}
                  checked={new Map(checked.map((start) => [start.scheduled_date, start]))}
                  time={typed.scheduled_time}
                  error={errors.skipped_dates?.message}
                  onSkip={skip}
                />
              )}
              {dates.length > 1 && (
                <Checkbox
                  label={programmeForm.asOne}
                  detail={programmeForm.asOneDetail}
                  {...register("is_programme")}
                />
              )}
              {isProgramme && <ProgrammeFields />}
              <SeatFields isProgramme={isProgramme} />
            </div>
          </DialogBody>
          <DialogActions>
            <DialogClose disabled={isSubmitting}>{controls.cancel}</DialogClose>
            <Button type="submit" pending={isSubmitting}>
              {isProgramme
                ? programmeForm.create(chosen.length)
                : groupForms.schedule(Math.max(1, chosen.length))}
            </Button>
          </DialogActions>
        </form>
      </FormProvider>
    </Dialog>
  );
}

/** Only several dates are a programme. */
function isProgrammeOf(values: ProgrammeForm): boolean {
  return values.is_programme && datesOf(values).length > 1;
}
