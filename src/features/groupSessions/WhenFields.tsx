import { useFormContext } from "react-hook-form";
import { groupForms } from "#words/groupSessions.ts";
import { type TypedDate, todayIn, zoneLabel } from "@/lib/time.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { TimeInput } from "@/ui/TimeInput.tsx";

export interface WhenForm {
  scheduled_date: TypedDate;
  scheduled_time: string;
}

/** The date and the time of a session, on its mentor's clock. */
export function WhenFields({ timeZone }: { timeZone: string }) {
  const { register, formState } = useFormContext<WhenForm>();
  const { errors } = formState;
  const today = todayIn(timeZone);
  return (
    <div className="grid gap-x-3 gap-y-4 min-[22rem]:grid-cols-[1.4fr_1fr]">
      <Field
        label={groupForms.date}
        hint={groupForms.dateHint(zoneLabel(timeZone))}
        error={errors.scheduled_date?.message}
        required
      >
        {(control) => (
          <Input
            {...control}
            {...register("scheduled_date", { validate: (date) => date >= today || groupForms.noDate })}
            type="date"
            min={today}
          />
        )}
      </Field>
      <Field label={groupForms.time} error={errors.scheduled_time?.message} required>
        {(control) => (
          <TimeInput
            {...control}
            {...register("scheduled_time", { required: groupForms.noTime })}
            step={300}
          />
        )}
      </Field>
    </div>
  );
}
