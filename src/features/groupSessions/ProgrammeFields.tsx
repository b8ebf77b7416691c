import { useFormContext } from "react-hook-form";
import { textLimits } from "#rules/limits.ts";
import { programmeForm } from "#words/programmes.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { type ProgrammeForm, type ProgrammeWords, priceProblem } from "./groupForm.ts";

/** What students are told of a programme. */
export function ProgrammeWordFields() {
  const { register, formState } = useFormContext<ProgrammeWords>();
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
    </>
  );
}

/** The same and the price, of a new one. */
export function ProgrammeFields() {
  const { register, formState } = useFormContext<ProgrammeForm>();
  const { errors } = formState;
  return (
    <>
      <ProgrammeWordFields />
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
