import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { controls } from "#words/controls.ts";
import { Label } from "./Label.tsx";

export type ControlProps = {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  "aria-required"?: true;
};

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  /** Message below the control, which is marked as invalid. */
  error?: string | undefined;
  required?: boolean;
  /** Shows "optional" beside the label, which is clearer than a star on all others. */
  optional?: boolean;
  className?: string;
  children: (control: ControlProps) => ReactNode;
};

/**
 * Label, control, hint and error, linked for assistive technology:
 * `<Field label="Name" error={errors.name?.message}>{(control) => <Input {...control} {...register("name")} />}</Field>`
 */
export function Field({ label, hint, error, required, optional, className, children }: FieldProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [errorId, hintId].filter(Boolean).join(" ");
  return (
    <div className={className}>
      <Label htmlFor={id} className="mb-1.5">
        {label}
        {optional && <span className="font-normal text-ink-soft"> ({controls.optional})</span>}
      </Label>
      {children({
        id,
        ...(describedBy && { "aria-describedby": describedBy }),
        ...(error && { "aria-invalid": true }),
        ...(required && { "aria-required": true }),
      })}
      {error && <FieldError id={errorId}>{error}</FieldError>}
      {hint && (
        <p id={hintId} className="mt-1.5 text-sm text-ink-soft">
          {hint}
        </p>
      )}
    </div>
  );
}

export function FieldError({ id, children }: { id?: string | undefined; children: string }) {
  return (
    <p id={id} className="mt-1.5 flex items-start gap-1.5 text-sm font-semibold text-bad">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      {children}
    </p>
  );
}
