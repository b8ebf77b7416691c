import { CopyPlus, Plus } from "lucide-react";
import { useRef } from "react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { weeklyHours } from "#words/hours.ts";
import { cn } from "@/lib/classNames.ts";
import { formatWeekday } from "@/lib/time.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { WindowRow } from "./WindowRow.tsx";
import { maxWindowsPerDay, nextWindow, type WeekForm } from "./weekForm.ts";

const workdays = [1, 2, 3, 4, 5];
const everyDay = [0, ...workdays, 6];

/** One weekday with any number of windows. */
export function DayHours({ day }: { day: number }) {
  const { control, getValues, setValue } = useFormContext<WeekForm>();
  const { fields, append, remove } = useFieldArray({ control, name: `days.${day}.windows` });
  const addButton = useRef<HTMLButtonElement>(null);
  const dayName = formatWeekday(day, "long");

  const add = () => append(nextWindow(getValues(`days.${day}.windows`)), { shouldFocus: true });
  const removeAt = (index: number) => {
    remove(index);
    announce(weeklyHours.removed(dayName, index + 1));
    addButton.current?.focus();
  };
  const copyTo = (targets: readonly number[], message: string) => {
    const windows = getValues(`days.${day}.windows`);
    for (const other of targets.filter((target) => target !== day)) {
      setValue(
        `days.${other}.windows`,
        windows.map((window) => ({ ...window })),
        { shouldDirty: true },
      );
    }
    announce(message);
  };

  return (
    <fieldset className="grid gap-x-6 gap-y-1 border-t border-line px-4 py-3 first:border-t-0 sm:grid-cols-[7rem_1fr] sm:px-6">
      <legend className="sr-only">{dayName}</legend>
      <p aria-hidden className="font-bold sm:pt-2">
        {dayName}
      </p>
      <div className="min-w-0">
        {fields.length > 0 && (
          <ul aria-label={weeklyHours.ofDay(dayName)} className="mb-1 space-y-2">
            {fields.map((field, index) => (
              <WindowRow
                key={field.id}
                day={day}
                dayName={dayName}
                index={index}
                onRemove={() => removeAt(index)}
              />
            ))}
          </ul>
        )}
        <div className={cn("flex flex-wrap items-center", fields.length > 0 && "-ml-3")}>
          {fields.length === 0 && (
            <p className="text-ink-soft max-sm:mr-auto sm:mr-3">{weeklyHours.unavailable}</p>
          )}
          <Button
            ref={addButton}
            variant="ghost"
            size="sm"
            onClick={add}
            disabled={fields.length >= maxWindowsPerDay}
            aria-label={weeklyHours.addOn(dayName)}
          >
            <Plus aria-hidden className="size-4" />
            {weeklyHours.add}
          </Button>
          {fields.length > 0 && (
            <>
              <Button
                variant="ghost"
                size="sm"
                onClick={() => copyTo(workdays, weeklyHours.copiedToWeekdays(dayName))}
                aria-label={weeklyHours.copyToWeekdaysFrom(dayName)}
              >
                <CopyPlus aria-hidden className="size-4" />
                {weeklyHours.copyToWeekdays}
              </Button>
              <Button
                variant="ghost"
                size="sm"
                onClick={() => copyTo(everyDay, weeklyHours.copiedToAllDays(dayName))}
                aria-label={weeklyHours.copyToAllDaysFrom(dayName)}
              >
                <CopyPlus aria-hidden className="size-4" />
                {weeklyHours.copyToAllDays}
              </Button>
            </>
          )}
        </div>
      </div>
    </fieldset>
  );
}
