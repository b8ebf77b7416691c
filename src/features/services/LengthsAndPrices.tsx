import { Plus, Trash2 } from "lucide-react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { ownedCaps } from "#rules/limits.ts";
import { serviceFields, serviceLengths } from "#words/serviceEditor.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field, FieldError } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { receivedHint } from "./receivedHint.ts";
import { amountProblem, minutesProblem, type ServiceForm } from "./serviceForm.ts";

/** Every length of a service with its own price. */
export function LengthsAndPrices({ feePercent }: { feePercent: number | null }) {
  const { control, register, formState, setFocus, watch } = useFormContext<ServiceForm>();
  const { fields, append, remove } = useFieldArray({ control, name: "durations" });
  const errors = formState.errors.durations;
  const general = errors?.message ?? errors?.root?.message;

  const removeAt = (index: number) => {
    remove(index);
    announce(serviceLengths.removed(index + 1));
    setFocus("durations.0.minutes");
  };
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">{serviceLengths.title}</legend>
      <ul aria-label={serviceLengths.title} className="space-y-3">
        {fields.map((field, index) => (
          <li key={field.id} className="flex items-start gap-2 rounded-control bg-sunken p-3">
            <div className="grid min-w-0 flex-1 gap-3 min-[26rem]:grid-cols-2">
              <Field
                label={withElements(serviceLengths.minutes, { number: <LengthNumber index={index} /> })}
                error={errors?.[index]?.minutes?.message}
                required
              >
                {(props) => (
                  <Input
                    {...props}
                    {...register(`durations.${index}.minutes`, {
                      validate: (text, form) => minutesProblem(text, form, index),
                    })}
                    inputMode="numeric"
                    autoComplete="off"
                  />
                )}
              </Field>
              <Field
                label={withElements(serviceLengths.price, { number: <LengthNumber index={index} /> })}
                hint={receivedHint(watch(`durations.${index}.price`) ?? "", feePercent)}
                error={errors?.[index]?.price?.message}
                required
              >
                {(props) => (
                  <Input
                    {...props}
                    {...register(`durations.${index}.price`, { validate: amountProblem })}
                    inputMode="decimal"
                    autoComplete="off"
                    placeholder={serviceFields.freeAmount}
                  />
                )}
              </Field>
            </div>
            {fields.length > 1 && (
              <Button
                variant="ghost"
                size="icon"
                onClick={() => removeAt(index)}
                aria-label={serviceLengths.remove(index + 1)}
                className="mt-7 shrink-0"
              >
                <Trash2 aria-hidden className="size-5" />
              </Button>
            )}
          </li>
        ))}
      </ul>
      {general && <FieldError>{general}</FieldError>}
      <Button
        variant="ghost"
        size="sm"
        className="mt-2 -ml-3"
        disabled={fields.length >= ownedCaps.service_durations}
        onClick={() => append({ minutes: "", price: "" })}
      >
        <Plus aria-hidden className="size-4" />
        {serviceLengths.add}
      </Button>
    </fieldset>
  );
}

function LengthNumber({ index }: { index: number }) {
  return <span className="sr-only">{serviceLengths.number(index + 1)}</span>;
}
