import { CalendarX } from "lucide-react";
import { toast } from "sonner";
import { useOwnSessions } from "@/components/sessions/useOwnSessions";
import { Alert } from "@/components/ui/Alert";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { useSavingForm } from "@/hooks/useSavingForm";
import { formatDate } from "@/lib/time";
import { countWords } from "@/lib/words";
import { blockDate } from "@/services/mentorService";
import { useMentorAccount } from "./useMentorAccount";

type DayOff = { date: string; reason: string };
const nothing: DayOff = { date: "", reason: "" };

/** One day off. Says when sessions are booked on it: they stay. */
export function DayOffForm({ mentorId, today }: { mentorId: string; today: string }) {
  const account = useMentorAccount();
  const { groups } = useOwnSessions("mentor", mentorId);
  const { register, submit, problem, formState, watch, reset } = useSavingForm<DayOff>({
    defaultValues: nothing,
    save: async ({ date, reason }) => {
      await blockDate({ date, reason: reason.trim() || null });
      await account.hoursChanged(mentorId);
      toast.success(`${formatDate(date)} is a day off.`);
      reset(nothing);
    },
  });
  const { errors, isSubmitting } = formState;
  const date = watch("date");
  const booked = [...groups.upcoming, ...groups.requests].filter(
    (each) => each.scheduled_date === date,
  ).length;
  return (
    <form onSubmit={submit} noValidate aria-label="Add a day off" className="space-y-4 p-4 sm:px-6">
      {problem && <Alert tone="bad">{problem}</Alert>}
      <div className="grid gap-x-3 gap-y-4 sm:grid-cols-[12rem_1fr]">
        <Field label="Day off" error={errors.date?.message} required>
          {(control) => (
            <Input
              {...control}
              {...register("date", {
                required: "Please choose a date.",
                validate: (value) => value >= today || "This date has passed.",
              })}
              type="date"
              min={today}
            />
          )}
        </Field>
        <Field label="Reason" hint="Only you see it." error={errors.reason?.message} optional>
          {(control) => <Input {...control} {...register("reason")} maxLength={500} autoComplete="off" />}
        </Field>
      </div>
      <div role="status">
        {booked > 0 && (
          <Alert tone="warning" announce={false} title={`${countWords(booked, "session")} on this day`}>
            <p>What is booked stays booked. If you cannot make it, cancel it on the Sessions page.</p>
          </Alert>
        )}
      </div>
      <Button type="submit" variant="secondary" pending={isSubmitting}>
        <CalendarX aria-hidden className="size-4" />
        {isSubmitting ? "Adding…" : "Take this day off"}
      </Button>
    </form>
  );
}
