import type { UseFormRegisterReturn } from "react-hook-form";
import { textLimits } from "#rules/limits.ts";
import { admin } from "#words/administration.ts";
import { Field } from "@/ui/Field.tsx";
import { Textarea } from "@/ui/Textarea.tsx";

type ReasonFieldProps = { registered: UseFormRegisterReturn; error: string | undefined };

/** How a form registers it. */
export const reasonRules = { required: admin.reasonMissing };

/** The reason that the log keeps. */
export function ReasonField({ registered, error }: ReasonFieldProps) {
  return (
    <Field label={admin.reason} error={error} required>
      {(control) => <Textarea {...control} {...registered} maxLength={textLimits.reason} />}
    </Field>
  );
}
