import { useFormContext } from "react-hook-form";
import { groupForms } from "#words/groupSessions.ts";
import { serviceFields } from "#words/serviceEditor.ts";
import { TermChoices, usualTerms } from "@/features/services/GroupFields.tsx";
import { capacityProblem } from "@/features/services/serviceForm.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Select } from "@/ui/Select.tsx";
import { minimumProblem, type SeatsForm } from "./groupForm.ts";

type SeatFieldsProps = {
  seatsHint?: string;
  /** Once a session is decided, its minimum no longer counts. */
  isDecided?: boolean;
  /** A programme is not joined late. */
  isProgramme?: boolean;
};

const number = { inputMode: "numeric", autoComplete: "off" } as const;

/** How many seats there are. */
export function SeatCountField({ hint }: { hint: string | undefined }) {
  const { register, formState } = useFormContext<Pick<SeatsForm, "capacity">>();
  return (
    <Field label={groupForms.seats} hint={hint} error={formState.errors.capacity?.message} required>
      {(control) => (
        <Input {...control} {...number} {...register("capacity", { validate: capacityProblem })} />
      )}
    </Field>
  );
}

/** Seats, minimum and late joiners of a session. */
export function SeatFields({ seatsHint, isDecided = false, isProgramme = false }: SeatFieldsProps) {
  const { register, watch, formState } = useFormContext<SeatsForm>();
  const { errors, defaultValues } = formState;
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <SeatCountField hint={seatsHint} />
      {!isDecided && (
        <Field
          label={groupForms.minimum}
          hint={groupForms.minimumHint}
          error={errors.min_attendees?.message}
          required
        >
          {(control) => (
            <Input {...control} {...number} {...register("min_attendees", { validate: minimumProblem })} />
          )}
        </Field>
      )}
      {!isDecided && Number(watch("min_attendees")) > 1 && (
        <Field label={groupForms.decide} error={errors.decide_minutes?.message}>
          {(control) => (
            <Select {...control} {...register("decide_minutes")}>
              <TermChoices
                usual={usualTerms.decide}
                current={defaultValues?.decide_minutes ?? "0"}
                label={serviceFields.decideAt}
              />
            </Select>
          )}
        </Field>
      )}
      {!isProgramme && (
        <Field label={groupForms.lateJoin} error={errors.late_join_minutes?.message}>
          {(control) => (
            <Select {...control} {...register("late_join_minutes")}>
              <TermChoices
                usual={usualTerms.lateJoin}
                current={defaultValues?.late_join_minutes ?? "0"}
                label={serviceFields.lateJoinUntil}
              />
            </Select>
          )}
        </Field>
      )}
    </div>
  );
}
