import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Review } from "#contract/reviews.ts";
import { textLimits } from "#rules/limits.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { reviewKeys, saveReply } from "./queries.ts";

/** The mentor's public answer to a review: written, changed or taken back. */
export function ReplyForm({ review }: { review: Review }) {
  const [isOpen, setIsOpen] = useState(false);
  const queryClient = useQueryClient();
  const save = async (reply: string) => {
    await saveReply(review.id, reply);
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: reviewKeys.all }),
      queryClient.invalidateQueries({ queryKey: queryKeys.bookings }),
    ]);
    toast.success(reply === "" ? "Your answer was taken back." : "Your answer is public now.");
    setIsOpen(false);
  };
  const form = useSavingForm<{ reply: string }>({
    defaultValues: { reply: review.reply?.body ?? "" },
    save: ({ reply }) => save(reply.trim()),
  });
  const { errors, isSubmitting } = form.formState;

  if (!isOpen) {
    return (
      <Button variant="secondary" size="sm" onClick={() => setIsOpen(true)}>
        {review.reply ? "Change your answer" : "Answer"}
        <span className="sr-only">
          {" "}
          the review of <bdi>{review.author}</bdi>
        </span>
      </Button>
    );
  }
  return (
    <form onSubmit={form.submit} noValidate className="max-w-prose space-y-3">
      {form.problem && <Alert tone="bad">{form.problem}</Alert>}
      <Field
        label={`Your answer to ${review.author}`}
        hint="Everyone can read it."
        error={errors.reply?.message}
      >
        {(control) => (
          <Textarea
            {...control}
            {...form.register("reply", {
              validate: (words) => words.trim() !== "" || review.reply !== null || "Please fill this in.",
            })}
            maxLength={textLimits.reviewReply}
            // The form appears where the button was that asked for it.
            autoFocus
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="sm" pending={isSubmitting}>
          {isSubmitting ? "Saving…" : "Publish"}
        </Button>
        <Button variant="ghost" size="sm" onClick={() => setIsOpen(false)}>
          Never mind
        </Button>
      </div>
    </form>
  );
}
