import type { UseFormRegisterReturn } from "react-hook-form";
import { textLimits } from "#rules/limits.ts";
import { stateCodes } from "#rules/tax.ts";
import { billingForm } from "#words/documentLinks.ts";
import { indianStates } from "#words/indianStates.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Select } from "@/ui/Select.tsx";
import { Textarea } from "@/ui/Textarea.tsx";

type PartyField = { registered: UseFormRegisterReturn; error: string | undefined; required?: boolean };

export function AddressField({ registered, error, required = false }: PartyField) {
  return (
    <Field label={billingForm.address} error={error} required={required}>
      {(control) => (
        <Textarea
          {...control}
          {...registered}
          rows={3}
          maxLength={textLimits.postalAddress}
          autoComplete="street-address"
        />
      )}
    </Field>
  );
}

export function StateField({ registered, error, required = false, hint }: PartyField & { hint?: string }) {
  return (
    <Field label={billingForm.state} hint={hint} error={error} required={required}>
      {(control) => (
        <Select {...control} {...registered}>
          <option value="">{billingForm.noState}</option>
          {stateCodes.map((code) => (
            <option key={code} value={code}>
              {indianStates[code]} ({code})
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

export function GstinField({ registered, error, required = false }: PartyField) {
  return (
    <Field
      label={billingForm.gstin}
      hint={required ? undefined : billingForm.gstinHint}
      error={error}
      required={required}
    >
      {(control) => (
        <Input
          {...control}
          {...registered}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
      )}
    </Field>
  );
}
