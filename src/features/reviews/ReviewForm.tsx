import { Controller } from "react-hook-form";
import type { BookingReview } from "#contract/reviews.ts";
import { textLimits } from "#rules/limits.ts";
import { ApiProblem } from "@/lib/api.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { saveReview } from "./queries.ts";
import { StarsInput } from "./StarsInput.tsx";

type ReviewFormProps = {
  bookingId: string;
  review: BookingReview | null;
  mentorName: string;
  onSaved: () => Promise<void>;
  /** Somebody, in another tab, was quicker. */
  onStale: () => Promise<unknown>;
  onCancel: (() => void) | null;
};

type Form = { rating: number | null; comment: string };

export function ReviewForm({ bookingId, review, mentorName, onSaved, onStale, onCancel }: ReviewFormProps) {
  const form = useSavingForm<Form>({
    defaultValues: { rating: review?.rating ?? null, comment: review?.comment ?? "" },
    save: async ({ rating, comment }) => {
      if (rating === null) return;
      try {
        await saveReview(bookingId, { rating, comment }, review?.revision ?? null);
      } catch (problem) {
        // What is there now is fetched; what is typed stays, and pressing the button again puts it in its place.
        if (problem instanceof ApiProblem && problem.code === "review_changed") await onStale();
        throw problem;
      }
      toast.success("Thank you. Your review is public now.");
      await onSaved();
    },
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <form onSubmit={form.submit} noValidate className="space-y-4">
      {form.problem && <Alert tone="bad">{form.problem}</Alert>}
      <Controller
        control={form.control}
        name="rating"
        rules={{ validate: (rating) => rating !== null || "Choose one to five stars." }}
        render={({ field }) => (
          <StarsInput value={field.value} error={errors.rating?.message} onChange={field.onChange} />
        )}
      />
      <Field
        label="What would you tell others?"
        hint={`Everyone can read it, under your first name and an initial. ${mentorName} may answer.`}
        error={errors.comment?.message}
        optional
      >
        {(control) => (
          <Textarea {...control} {...form.register("comment")} maxLength={textLimits.reviewComment} />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" pending={isSubmitting}>
          {isSubmitting ? "Saving…" : "Publish review"}
        </Button>
        {onCancel && (
          <Button variant="ghost" onClick={onCancel}>
            Never mind
          </Button>
        )}
      </div>
    </form>
  );
}
