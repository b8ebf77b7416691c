import { useFormContext } from "react-hook-form";
import { asMinutes } from "#scheduling/units.ts";
import { changePolicy } from "#words/bookings.ts";
import { serviceFields } from "#words/serviceEditor.ts";
import { Field } from "@/ui/Field.tsx";
import { CutoffSelect } from "./CutoffSelect.tsx";
import type { ServiceForm } from "./serviceForm.ts";

/** Until when students can cancel and reschedule. Bookings keep the policy of their time. */
export function CutoffFields({ service }: { service: ServiceForm }) {
  const { register, formState, watch } = useFormContext<ServiceForm>();
  const { errors } = formState;
  const policy = changePolicy({
    cancel_cutoff: asMinutes(Number(watch("cancel_cutoff"))),
    reschedule_cutoff: asMinutes(Number(watch("reschedule_cutoff"))),
  });
  const fields = [
    { name: "cancel_cutoff", label: serviceFields.cancel },
    { name: "reschedule_cutoff", label: serviceFields.reschedule },
  ] as const;
  return (
    <div>
      <div className="grid gap-x-5 gap-y-5 sm:grid-cols-2">
        {fields.map(({ name, label }) => (
          <Field key={name} label={label} error={errors[name]?.message}>
            {(props) => (
              <CutoffSelect {...props} {...register(name)} current={asMinutes(Number(service[name]))} />
            )}
          </Field>
        ))}
      </div>
      <p className="mt-2 text-sm text-ink-soft">{serviceFields.policy(policy)}</p>
    </div>
  );
}
