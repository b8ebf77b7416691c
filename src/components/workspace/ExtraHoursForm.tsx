import { CalendarPlus } from "lucide-react";
import { toast } from "sonner";
import { Alert } from "@/components/ui/Alert";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { TimeInput } from "@/components/ui/TimeInput";
import { useSavingForm } from "@/hooks/useSavingForm";
import { formatDate } from "@/lib/time";
import { addHours } from "@/services/mentorService";
import { useMentorAccount } from "./useMentorAccount";
import { endWords, timeFieldOf } from "./weekForm";

type ExtraHours = { specific_date: string; start_time: string; end_time: string };
const nothing: ExtraHours = { specific_date: "", start_time: "", end_time: "" };

/** One window on one date. Saved at once, and ready for the next one. */
export function ExtraHoursForm({ mentorId, today }: { mentorId: string; today: string }) {
  const account = useMentorAccount();
  const { register, submit, problem, formState, watch, reset } = useSavingForm<ExtraHours>({
    defaultValues: nothing,
    save: async (values) => {
      await addHours(values);
      await account.hoursChanged(mentorId);
      toast.success(`Extra hours on ${formatDate(values.specific_date)} are added.`);
      reset(nothing);
    },
  });
  const { errors, isSubmitting } = formState;
  const ends = endWords({ start: watch("start_time"), end: timeFieldOf(watch("end_time")) });
  return (
    <form onSubmit={submit} noValidate aria-label="Add extra hours" className="space-y-4 p-4 sm:px-6">
      {problem && <Alert tone="bad">{problem}</Alert>}
      <div className="grid gap-x-3 gap-y-4 min-[22rem]:grid-cols-2 sm:grid-cols-[1fr_9rem_9rem]">
        <Field
          label="Date"
          error={errors.specific_date?.message}
          required
          className="min-[22rem]:col-span-2 sm:col-span-1"
        >
          {(control) => (
            <Input
              {...control}
              {...register("specific_date", {
                required: "Please choose a date.",
                validate: (date) => date >= today || "This date has passed.",
              })}
              type="date"
              min={today}
            />
          )}
        </Field>
        <Field label="From" error={errors.start_time?.message} required>
          {(control) => (
            <TimeInput {...control} {...register("start_time", { required: "Please enter a time." })} />
          )}
        </Field>
        <Field label="To" error={errors.end_time?.message} hint={ends} required>
          {(control) => (
            <TimeInput {...control} {...register("end_time", { required: "Please enter a time." })} />
          )}
        </Field>
      </div>
      <Button type="submit" variant="secondary" pending={isSubmitting}>
        <CalendarPlus aria-hidden className="size-4" />
        {isSubmitting ? "Adding…" : "Add extra hours"}
      </Button>
    </form>
  );
}
