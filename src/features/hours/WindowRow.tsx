import { Moon, Trash2 } from "lucide-react";
import { useId } from "react";
import { get, useFormContext, useWatch } from "react-hook-form";
import { hoursWindow, windowEndings } from "#words/hours.ts";
import { Button } from "@/ui/Button.tsx";
import { FieldError } from "@/ui/Field.tsx";
import { TimeInput } from "@/ui/TimeInput.tsx";
import { type WeekForm, windowEnding, windowProblem } from "./weekForm.ts";

type WindowRowProps = { day: number; dayName: string; index: number; onRemove: () => void };

/** Start and end of one window, and where it ends unless that is the same day. */
export function WindowRow({ day, dayName, index, onRemove }: WindowRowProps) {
  const { register, control, formState } = useFormContext<WeekForm>();
  const path = `days.${day}.windows.${index}` as const;
  const window = useWatch({ control, name: path });
  const id = useId();
  const errors: { start?: { message?: string }; end?: { message?: string } } =
    get(formState.errors, path) ?? {};
  const problem = errors.start?.message ?? errors.end?.message;
  const ending = window ? windowEnding(window) : null;
  const describedBy =
    [problem && `${id}-error`, ending && `${id}-ending`].filter(Boolean).join(" ") || undefined;

  return (
    <li>
      <div className="flex items-center gap-1 sm:gap-2">
        <TimeInput
          {...register(`${path}.start`, {
            required: hoursWindow.startMissing,
            validate: (_, form) => windowProblem(form.days[day]?.windows ?? [], index) ?? true,
          })}
          aria-label={hoursWindow.start(dayName, index + 1)}
          aria-invalid={errors.start ? true : undefined}
          aria-describedby={describedBy}
          className="max-w-36 flex-1"
        />
        <span aria-hidden className="text-ink-soft">
          {hoursWindow.to}
        </span>
        <TimeInput
          {...register(`${path}.end`, { required: hoursWindow.endMissing })}
          aria-label={hoursWindow.end(dayName, index + 1)}
          aria-invalid={errors.end ? true : undefined}
          aria-describedby={describedBy}
          className="max-w-36 flex-1"
        />
        <Button
          variant="ghost"
          size="icon"
          onClick={onRemove}
          aria-label={hoursWindow.remove(dayName, index + 1)}
          className="shrink-0 max-sm:-mr-2"
        >
          <Trash2 aria-hidden className="size-5" />
        </Button>
      </div>
      {ending && (
        <p id={`${id}-ending`} className="mt-1 flex items-center gap-1.5 text-sm text-ink-soft">
          <Moon aria-hidden className="size-4" />
          {windowEndings[ending]}
        </p>
      )}
      {problem && <FieldError id={`${id}-error`}>{problem}</FieldError>}
    </li>
  );
}
