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
import { todayIn } from "@/lib/time.ts";
import { BothTimes } from "@/ui/BothTimes.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { TimeInput } from "@/ui/TimeInput.tsx";
import { type ProposedTimesFields as Fields, noTime, startOf } from "./proposedTimes.ts";

/** The reader's clock and the other one's. */
export type TwoClocks = { timeZone: string; otherTimeZone: string; otherName: string };

type ProposedTimesFieldsProps = {
  clocks: TwoClocks;
  control: Control<Fields>;
  register: UseFormRegister<Fields>;
  errors: FieldErrors<Fields>;
};

const ordinals = ["First", "Second", "Third"] as const;

/** Up to three starts, typed on one's own clock, each also on the other one's. */
export function ProposedTimesFields({ clocks, control, register, errors }: ProposedTimesFieldsProps) {
  const { fields, append, remove } = useFieldArray({ control, name: "times" });
  const add = useRef<HTMLButtonElement>(null);
  const wasRemoved = useRef(false);
  // What had the focus is gone with its row.
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
          <legend className="px-1 font-semibold">{ordinals[index]} time</legend>
          <div className="flex items-start gap-2">
            <div className="grid min-w-0 flex-1 gap-3 min-[24rem]:grid-cols-[1fr_9rem]">
              <Field label="Date" error={errors.times?.[index]?.date?.message} required>
                {(input) => (
                  <Input
                    {...input}
                    {...register(`times.${index}.date`, { required: "Please choose a date." })}
                    type="date"
                    min={todayIn(clocks.timeZone)}
                  />
                )}
              </Field>
              <Field label="Time" error={errors.times?.[index]?.time?.message} required>
                {(input) => (
                  <TimeInput
                    {...input}
                    {...register(`times.${index}.time`, { required: "Please choose a time." })}
                    step={300}
                  />
                )}
              </Field>
            </div>
            {fields.length > 1 && (
              <Button
                variant="ghost"
                size="icon"
                aria-label={`Remove the ${ordinals[index]?.toLowerCase()} time`}
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
          <Plus aria-hidden className="size-4" /> Add another time
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
