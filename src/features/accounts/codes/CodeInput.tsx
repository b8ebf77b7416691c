import type { UseFormRegisterReturn } from "react-hook-form";
import { codePattern, typedCode } from "#contract/patterns.ts";
import { codeField } from "#words/codes.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";

/** For `register`: six digits, with anything between them that mail programs and people put there. */
export const codeRule = {
  required: codeField.missing,
  validate: (code: string) => codePattern.test(typedCode(code)) || codeField.wrongForm,
};

/** The API's name of the field in calls that sign in. */
export const codePath = (field: string) => (field === "otp" ? "code" : field);

type CodeInputProps = {
  registered: UseFormRegisterReturn;
  error: string | undefined;
  label?: string;
  autoFocus?: boolean;
};

/** Phones offer the code of a mail that has just arrived. */
export function CodeInput({ registered, error, label = codeField.label, autoFocus = false }: CodeInputProps) {
  return (
    <Field label={label} error={error} required>
      {(control) => (
        <Input
          {...control}
          {...registered}
          inputMode="numeric"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={autoFocus}
          className="max-w-56 font-mono text-lg tracking-[0.3em]"
        />
      )}
    </Field>
  );
}
