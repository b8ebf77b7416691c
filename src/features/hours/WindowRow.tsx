import { Moon, Trash2 } from "lucide-react";
import { useId } from "react";
import { get, useFormContext, useWatch } from "react-hook-form";
import { Button } from "@/ui/Button.tsx";
import { FieldError } from "@/ui/Field.tsx";
import { TimeInput } from "@/ui/TimeInput.tsx";
import { endWords, type WeekForm, windowProblem } from "./weekForm.ts";

type WindowRowProps = { day: number; dayName: string; index: number; onRemove: () => void };

/** From, to, and where it ends when that is not the same day. */
export function WindowRow({ day, dayName, index, onRemove }: WindowRowProps) {
  const { register, control, formState } = useFormContext<WeekForm>();
  const path = `days.${day}.windows.${index}` as const;
  const window = useWatch({ control, name: path });
  const id = useId();
  const errors: { start?: { message?: string }; end?: { message?: string } } =
    get(formState.errors, path) ?? {};
  const problem = errors.start?.message ?? errors.end?.message;
  const ends = window ? endWords(window) : null;
  const describedBy = [problem && `${id}-error`, ends && `${id}-ends`].filter(Boolean).join(" ") || undefined;
  const which = `${dayName}, hours ${index + 1}`;

  return (
    <li>
      <div className="flex items-center gap-1 sm:gap-2">
        <TimeInput
          {...register(`${path}.start`, {
            required: "Please enter when these hours begin.",
            validate: (_, form) => windowProblem(form.days[day]?.windows ?? [], index) ?? true,
          })}
          aria-label={`${which}: from`}
          aria-invalid={errors.start ? true : undefined}
          aria-describedby={describedBy}
          className="max-w-36 flex-1"
        />
        <span aria-hidden className="text-ink-soft">
          to
        </span>
        <TimeInput
          {...register(`${path}.end`, { required: "Please enter when these hours end." })}
          aria-label={`${which}: to`}
          aria-invalid={errors.end ? true : undefined}
          aria-describedby={describedBy}
          className="max-w-36 flex-1"
        />
        <Button
          variant="ghost"
          size="icon"
          onClick={onRemove}
          aria-label={`Remove ${which}`}
          className="shrink-0 max-sm:-mr-2"
        >
          <Trash2 aria-hidden className="size-5" />
        </Button>
      </div>
      {ends && (
        <p id={`${id}-ends`} className="mt-1 flex items-center gap-1.5 text-sm text-ink-soft">
          <Moon aria-hidden className="size-4" />
          {ends}
        </p>
      )}
      {problem && <FieldError id={`${id}-error`}>{problem}</FieldError>}
    </li>
  );
}
