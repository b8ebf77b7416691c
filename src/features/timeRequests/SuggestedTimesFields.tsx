import { Plus, X } from "lucide-react";
import { useEffect, useRef } from "react";
import {
  type Control,
  type FieldErrors,
  type UseFormRegister,
  useFieldArray,
  useWatch,
} from "react-hook-form";
import { countLimits } from "#rules/limits.ts";
import { suggestedTimes } from "#words/timeRequests.ts";
import { todayIn } from "@/lib/time.ts";
import { BothTimes } from "@/ui/BothTimes.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { TimeInput } from "@/ui/TimeInput.tsx";
import { type SuggestedTimesFields as Fields, noTime, startOf } from "./suggestedTimes.ts";

/** The zones of the viewer and of the other person. */
export type TwoClocks = { timeZone: string; otherTimeZone: string; otherName: string };

type SuggestedTimesFieldsProps = {
  clocks: TwoClocks;
  control: Control<Fields>;
  register: UseFormRegister<Fields>;
  errors: FieldErrors<Fields>;
};

/** Up to three starts, typed in the viewer's zone, each also shown in the other person's. */
export function SuggestedTimesFields({ clocks, control, register, errors }: SuggestedTimesFieldsProps) {
  const { fields, append, remove } = useFieldArray({ control, name: "times" });
  const add = useRef<HTMLButtonElement>(null);
  const wasRemoved = useRef(false);
  // The removed row had the focus.
  useEffect(() => {
    if (wasRemoved.current) add.current?.focus();
    wasRemoved.current = false;
  });
  return (
    <div className="space-y-4">
      {fields.map((field, index) => (
        <fieldset
          key={field.id}
          className="min-w-0 rounded-control border border-line bg-surface px-4 pt-2 pb-4"
        >
          <legend className="px-1 font-semibold">{suggestedTimes.titles[index]}</legend>
          <div className="flex items-start gap-2">
            <div className="grid min-w-0 flex-1 gap-3 min-[24rem]:grid-cols-[1fr_9rem]">
              <Field label={suggestedTimes.date} error={errors.times?.[index]?.date?.message} required>
                {(input) => (
                  <Input
                    {...input}
                    {...register(`times.${index}.date`, { required: suggestedTimes.noDate })}
                    type="date"
                    min={todayIn(clocks.timeZone)}
                  />
                )}
              </Field>
              <Field label={suggestedTimes.time} error={errors.times?.[index]?.time?.message} required>
                {(input) => (
                  <TimeInput
                    {...input}
                    {...register(`times.${index}.time`, { required: suggestedTimes.noTime })}
                    step={300}
                  />
                )}
              </Field>
            </div>
            {fields.length > 1 && (
              <Button
                variant="ghost"
                size="icon"
                aria-label={suggestedTimes.remove[index]}
                className="mt-7 shrink-0"
                onClick={() => {
                  wasRemoved.current = true;
                  remove(index);
                }}
              >
                <X aria-hidden className="size-5" />
              </Button>
            )}
          </div>
          <OnBothClocks clocks={clocks} control={control} index={index} />
        </fieldset>
      ))}
      {fields.length < countLimits.proposedTimes && (
        <Button ref={add} variant="soft" size="sm" onClick={() => append(noTime)}>
          <Plus aria-hidden className="size-4" /> {suggestedTimes.add}
        </Button>
      )}
    </div>
  );
}

function OnBothClocks({
  clocks,
  control,
  index,
}: {
  clocks: TwoClocks;
  control: Control<Fields>;
  index: number;
}) {
  const typed = useWatch({ control, name: `times.${index}` });
  const start = typed && startOf(typed, clocks.timeZone);
  if (!start) return null;
  return (
    <BothTimes
      startsAt={start}
      timeZone={clocks.timeZone}
      mentorTimeZone={clocks.otherTimeZone}
      mentorName={clocks.otherName}
      className="mt-3"
    />
  );
}
