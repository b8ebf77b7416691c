import { useFormContext } from "react-hook-form";
import { asMinutes, type Minutes } from "#scheduling/units.ts";
import { serviceFields } from "#words/serviceEditor.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Select } from "@/ui/Select.tsx";
import { capacityProblem, minimumProblem, type ServiceForm } from "./serviceForm.ts";

export const usualTerms = {
  /** Minutes before the start. */
  decide: [0, 120, 720, 1440, 2880, 4320, 10_080],
  /** Minutes after the start. */
  lateJoin: [0, 5, 10, 15, 30, 60],
} as const;

/** What only a group session needs: its seats, its minimum, and for whom it is still open. */
export function GroupFields({ service }: { service: ServiceForm }) {
  const { register, formState, watch } = useFormContext<ServiceForm>();
  const { errors } = formState;
  const hasMinimum = Number(watch("min_attendees")) > 1;
  const isScheduled = watch("opens_by") === "mentor";
  return (
    <div className="grid gap-x-5 gap-y-5 sm:grid-cols-2">
      <Field label={serviceFields.opens} error={errors.opens_by?.message} className="sm:col-span-2">
        {(props) => (
          <Select {...props} {...register("opens_by")}>
            <option value="booking">{serviceFields.opensByBooking}</option>
            <option value="mentor">{serviceFields.opensByMentor}</option>
          </Select>
        )}
      </Field>
      <Field
        label={serviceFields.seats}
        hint={serviceFields.seatsHint}
        error={errors.capacity?.message}
        required
      >
        {(props) => (
          <Input
            {...props}
            {...register("capacity", { validate: capacityProblem })}
            inputMode="numeric"
            autoComplete="off"
          />
        )}
      </Field>
      <Field
        label={serviceFields.minimum}
        hint={serviceFields.minimumHint}
        error={errors.min_attendees?.message}
        required
      >
        {(props) => (
          <Input
            {...props}
            {...register("min_attendees", { validate: minimumProblem })}
            inputMode="numeric"
            autoComplete="off"
          />
        )}
      </Field>
      {hasMinimum && (
        <Field label={serviceFields.decide} error={errors.decide_minutes?.message}>
          {(props) => (
            <Select {...props} {...register("decide_minutes")}>
              <TermChoices
                usual={usualTerms.decide}
                current={service.decide_minutes}
                label={serviceFields.decideAt}
              />
            </Select>
          )}
        </Field>
      )}
      {isScheduled && (
        <Field label={serviceFields.lateJoin} error={errors.late_join_minutes?.message}>
          {(props) => (
            <Select {...props} {...register("late_join_minutes")}>
              <TermChoices
                usual={usualTerms.lateJoin}
                current={service.late_join_minutes}
                label={serviceFields.lateJoinUntil}
              />
            </Select>
          )}
        </Field>
      )}
    </div>
  );
}

interface ChoicesProps {
  usual: readonly number[];
  /** What the service has, which need not be a usual one. */
  current: string;
  label: (minutes: Minutes) => string;
}

/** Options of a time: the usual ones, and what there is now. */
export function TermChoices({ usual: common, current, label }: ChoicesProps) {
  const choices = [...new Set([...common, Number(current)])].sort((one, other) => one - other);
  return choices.map((minutes) => (
    <option key={minutes} value={minutes}>
      {label(asMinutes(minutes))}
    </option>
  ));
}
