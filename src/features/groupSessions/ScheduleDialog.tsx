import { useEffect, useRef, useState } from "react";
import { FormProvider, useFormContext } from "react-hook-form";
import type { Service } from "#contract/services.ts";
import { textLimits } from "#rules/limits.ts";
import { moneyOf } from "#rules/money.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { controls } from "#words/controls.ts";
import { sessionLength } from "#words/durations.ts";
import { groupForms } from "#words/groupSessions.ts";
import { programmeForm } from "#words/programmes.ts";
import { dayAndTime } from "#words/times.ts";
import { ApiProblem } from "@/lib/api.ts";
import { cn } from "@/lib/classNames.ts";
import { formatMoney } from "@/lib/money.ts";
import { formatClock } from "@/lib/sessionTime.ts";
import { formatDate, todayIn, zoneLabel } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Select } from "@/ui/Select.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { TimeInput } from "@/ui/TimeInput.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { createProgramme, scheduleGroups } from "./api.ts";
import {
  datesOf,
  newProgrammeForm,
  type ProgrammeForm,
  priceProblem,
  programmeOf,
  scheduleOf,
  seatsFormOf,
  takenDates,
  weeksProblem,
} from "./groupForm.ts";
import { SeatFields } from "./SeatFields.tsx";

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
  const taken = takenDates(chosen, typed.scheduled_time, timeZone, takenStarts);
  const today = todayIn(timeZone);
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
              <div className="grid gap-x-3 gap-y-4 min-[22rem]:grid-cols-[1.4fr_1fr]">
                <Field
                  label={groupForms.date}
                  hint={groupForms.dateHint(zoneLabel(timeZone))}
                  error={errors.scheduled_date?.message}
                  required
                >
                  {(control) => (
                    <Input
                      {...control}
                      {...register("scheduled_date", {
                        validate: (date) => date >= today || groupForms.noDate,
                      })}
                      type="date"
                      min={today}
                    />
                  )}
                </Field>
                <Field label={groupForms.time} error={errors.scheduled_time?.message} required>
                  {(control) => (
                    <TimeInput
                      {...control}
                      {...register("scheduled_time", { required: groupForms.noTime })}
                      step={300}
                    />
                  )}
                </Field>
              </div>
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
                  {...{ dates, skipped, taken }}
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

/** What the students are told of a programme, and its price. */
function ProgrammeFields() {
  const { register, formState } = useFormContext<ProgrammeForm>();
  const { errors } = formState;
  return (
    <>
      <Field label={programmeForm.name} error={errors.title?.message} required>
        {(control) => (
          <Input
            {...control}
            {...register("title", {
              validate: (text) => text.trim() !== "" || programmeForm.nameMissing,
            })}
            maxLength={textLimits.serviceTitle}
          />
        )}
      </Field>
      <Field label={programmeForm.description} error={errors.description?.message}>
        {(control) => (
          <Textarea
            {...control}
            {...register("description")}
            rows={3}
            maxLength={textLimits.serviceDescription}
          />
        )}
      </Field>
      <Field label={programmeForm.price} error={errors.price?.message} required>
        {(control) => (
          <Input
            {...control}
            {...register("price", { validate: priceProblem })}
            inputMode="decimal"
            autoComplete="off"
          />
        )}
      </Field>
    </>
  );
}

type DateListProps = {
  dates: readonly LocalDate[];
  skipped: ReadonlySet<LocalDate>;
  taken: ReadonlySet<LocalDate>;
  /** HH:MM, or empty. */
  time: string;
  error: string | undefined;
  onSkip: (skipped: ReadonlySet<LocalDate>) => void;
};

/** Every date with a tick. Those at which another session is in the way can be left out together. */
function DateList({ dates, skipped, taken, time, error, onSkip }: DateListProps) {
  const list = useRef<HTMLUListElement>(null);
  const hasTaken = taken.size > 0;
  // They may be below the fold.
  useEffect(() => {
    if (!hasTaken) return;
    const first = list.current?.querySelector<HTMLInputElement>("[aria-invalid]");
    first?.focus({ preventScroll: true });
    first?.closest("li")?.scrollIntoView({ block: "center" });
  }, [hasTaken]);
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">{groupForms.dates}</legend>
      <p className="mb-2 text-sm text-ink-soft">{groupForms.datesHint}</p>
      <ul ref={list} className="divide-y divide-line rounded-control border border-line-strong bg-surface">
        {dates.map((date) => (
          <li key={date}>
            <label className="tap flex items-center gap-3 px-3 py-2">
              <input
                type="checkbox"
                className="checkbox"
                checked={!skipped.has(date)}
                aria-invalid={taken.has(date) || undefined}
                onChange={({ target }) => {
                  const next = new Set(skipped);
                  if (target.checked) next.delete(date);
                  else next.add(date);
                  onSkip(next);
                }}
              />
              <span className={cn("min-w-0 tabular-nums", skipped.has(date) && "text-ink-soft line-through")}>
                <span className="block">
                  {time === ""
                    ? formatDate(date, "full")
                    : dayAndTime(formatDate(date, "full"), formatClock(time))}
                </span>
                {taken.has(date) && (
                  <span className="block text-sm font-semibold text-bad">{groupForms.taken}</span>
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {error && <p className="mt-1.5 text-sm font-semibold text-bad">{error}</p>}
      {taken.size > 0 && taken.size < dates.length && (
        <Button
          variant="soft"
          size="sm"
          className="mt-2"
          onClick={() => onSkip(new Set([...skipped, ...taken]))}
        >
          {groupForms.skipTaken(taken.size)}
        </Button>
      )}
    </fieldset>
  );
}
