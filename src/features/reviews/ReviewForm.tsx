import { Controller } from "react-hook-form";
import type { BookingReview } from "#contract/reviews.ts";
import { textLimits } from "#rules/limits.ts";
import { controls } from "#words/controls.ts";
import { review as words } from "#words/reviewForms.ts";
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
  /** Called when the review was changed in another tab. */
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
        // The other version is loaded, what is typed stays, and saving again replaces the other version.
        if (problem instanceof ApiProblem && problem.code === "review_changed") await onStale();
        throw problem;
      }
      toast.success(words.published);
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
        rules={{ validate: (rating) => rating !== null || words.noRating }}
        render={({ field }) => (
          <StarsInput value={field.value} error={errors.rating?.message} onChange={field.onChange} />
        )}
      />
      <Field
        label={words.comment}
        hint={words.commentHint(mentorName)}
        error={errors.comment?.message}
        optional
      >
        {(control) => (
          <Textarea {...control} {...form.register("comment")} maxLength={textLimits.reviewComment} />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" pending={isSubmitting}>
          {isSubmitting ? controls.saving : words.publish}
        </Button>
        {onCancel && (
          <Button variant="ghost" onClick={onCancel}>
            {controls.cancel}
          </Button>
        )}
      </div>
    </form>
  );
}
