import { useFormContext } from "react-hook-form";
import { numberLimits } from "#rules/limits.ts";
import { changePolicy } from "#words/bookings.ts";
import { duration } from "#words/durations.ts";
import { Field } from "@/ui/Field.tsx";
import { Select } from "@/ui/Select.tsx";
import type { ServiceForm } from "./serviceForm.ts";

/** Minutes before the start. */
const usual = [0, 60, 120, 240, 720, 1440, 2880, 4320, 10_080, 20_160, numberLimits.cutoffMinutes.max];

/** Until when a student may change plans; a booking keeps what was promised when it was made. */
export function CutoffFields({ service }: { service: ServiceForm }) {
  const { register, formState, watch } = useFormContext<ServiceForm>();
  const { errors } = formState;
  const policy = changePolicy({
    cancel_cutoff: Number(watch("cancel_cutoff")),
    reschedule_cutoff: Number(watch("reschedule_cutoff")),
  });
  const fields = [
    { name: "cancel_cutoff", label: "Students can cancel" },
    { name: "reschedule_cutoff", label: "Students can move it" },
  ] as const;
  return (
    <div>
      <div className="grid gap-x-5 gap-y-5 sm:grid-cols-2">
        {fields.map(({ name, label }) => (
          <Field key={name} label={label} error={errors[name]?.message}>
            {(props) => (
              <Select {...props} {...register(name)}>
                {withCurrent(Number(service[name])).map((minutes) => (
                  <option key={minutes} value={minutes}>
                    {minutes === 0 ? "Until it starts" : `Until ${duration(minutes)} before`}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ))}
      </div>
      <p className="mt-2 text-sm text-ink-soft">
        Students read before they book: “{policy}” What is booked already keeps what it said then.
      </p>
    </div>
  );
}

function withCurrent(current: number): number[] {
  return [...new Set([...usual, current])].sort((one, other) => one - other);
}
