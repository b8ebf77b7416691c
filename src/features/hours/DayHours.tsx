import { CopyPlus, Plus } from "lucide-react";
import { useRef } from "react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { cn } from "@/lib/classNames.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { WindowRow } from "./WindowRow.tsx";
import { maxWindowsPerDay, nextWindow, type WeekForm, weekdays } from "./weekForm.ts";

const workdays = [1, 2, 3, 4, 5];
const everyDay = [0, ...workdays, 6];

/** One weekday with any number of windows. */
export function DayHours({ day }: { day: number }) {
  const { control, getValues, setValue } = useFormContext<WeekForm>();
  const { fields, append, remove } = useFieldArray({ control, name: `days.${day}.windows` });
  const addButton = useRef<HTMLButtonElement>(null);
  const dayName = weekdays[day] ?? "";

  const add = () => append(nextWindow(getValues(`days.${day}.windows`)), { shouldFocus: true });
  const removeAt = (index: number) => {
    remove(index);
    announce(`Removed hours ${index + 1} of ${dayName}`);
    addButton.current?.focus();
  };
  const copyTo = (targets: readonly number[], words: string) => {
    const windows = getValues(`days.${day}.windows`);
    for (const other of targets.filter((target) => target !== day)) {
      setValue(
        `days.${other}.windows`,
        windows.map((window) => ({ ...window })),
        { shouldDirty: true },
      );
    }
    announce(`${dayName}'s hours are copied to all ${words}. They are not saved yet.`);
  };

  return (
    <fieldset className="grid gap-x-6 gap-y-1 border-t border-line px-4 py-3 first:border-t-0 sm:grid-cols-[7rem_1fr] sm:px-6">
      <legend className="sr-only">{dayName}</legend>
      <p aria-hidden className="font-bold sm:pt-2">
        {dayName}
      </p>
      <div className="min-w-0">
        {fields.length > 0 && (
          <ul aria-label={`Hours on ${dayName}`} className="mb-1 space-y-2">
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
          {fields.length === 0 && <p className="text-ink-soft max-sm:mr-auto sm:mr-3">No sessions</p>}
          <Button
            ref={addButton}
            variant="ghost"
            size="sm"
            onClick={add}
            disabled={fields.length >= maxWindowsPerDay}
          >
            <Plus aria-hidden className="size-4" />
            Add hours<span className="sr-only"> on {dayName}</span>
          </Button>
          {fields.length > 0 && (
            <>
              <Button variant="ghost" size="sm" onClick={() => copyTo(workdays, "weekdays")}>
                <CopyPlus aria-hidden className="size-4" />
                <span>
                  Copy to weekdays<span className="sr-only"> from {dayName}</span>
                </span>
              </Button>
              <Button variant="ghost" size="sm" onClick={() => copyTo(everyDay, "days")}>
                <CopyPlus aria-hidden className="size-4" />
                <span>
                  Copy to all days<span className="sr-only"> from {dayName}</span>
                </span>
              </Button>
            </>
          )}
        </div>
      </div>
    </fieldset>
  );
}
