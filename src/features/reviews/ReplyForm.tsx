import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Review } from "#contract/reviews.ts";
import { textLimits } from "#rules/limits.ts";
import { controls } from "#words/controls.ts";
import { reviewReply } from "#words/reviewForms.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { reviewKeys, saveReply } from "./queries.ts";

/** Writes, changes or deletes the mentor's public reply to a review. */
export function ReplyForm({ review }: { review: Review }) {
  const [isOpen, setIsOpen] = useState(false);
  const queryClient = useQueryClient();
  const save = async (reply: string) => {
    await saveReply(review.id, reply);
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: reviewKeys.all }),
      queryClient.invalidateQueries({ queryKey: queryKeys.bookings }),
    ]);
    toast.success(reply === "" ? reviewReply.deleted : reviewReply.published);
    setIsOpen(false);
  };
  const form = useSavingForm<{ reply: string }>({
    defaultValues: { reply: review.reply?.body ?? "" },
    save: ({ reply }) => save(reply.trim()),
  });
  const { errors, isSubmitting } = form.formState;

  if (!isOpen) {
    return (
      <Button
        variant="secondary"
        size="sm"
        aria-label={reviewReply[review.reply ? "editTo" : "writeTo"](review.author)}
        onClick={() => setIsOpen(true)}
      >
        {review.reply ? reviewReply.edit : reviewReply.write}
      </Button>
    );
  }
  return (
    <form onSubmit={form.submit} noValidate className="max-w-prose space-y-3">
      {form.problem && <Alert tone="bad">{form.problem}</Alert>}
      <Field label={reviewReply.label(review.author)} hint={reviewReply.hint} error={errors.reply?.message}>
        {(control) => (
          <Textarea
            {...control}
            {...form.register("reply", {
              validate: (text) => text.trim() !== "" || review.reply !== null || reviewReply.missing,
            })}
            maxLength={textLimits.reviewReply}
            // The form replaces the focused button.
            autoFocus
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="sm" pending={isSubmitting}>
          {isSubmitting ? controls.saving : reviewReply.publish}
        </Button>
        <Button variant="ghost" size="sm" onClick={() => setIsOpen(false)}>
          {controls.cancel}
        </Button>
      </div>
    </form>
  );
}
