import { Star } from "lucide-react";
import { useId } from "react";
import { review, starsInput } from "#words/reviewForms.ts";
import { cn } from "@/lib/classNames.ts";
import { FieldError } from "@/ui/Field.tsx";

type StarsInputProps = {
  value: number | null;
  error: string | undefined;
  onChange: (rating: number) => void;
};

/** Radio buttons in the shape of stars, so that arrow keys and screen readers work. */
export function StarsInput({ value, error, onChange }: StarsInputProps) {
  const id = useId();
  return (
    <fieldset aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="mb-1 font-semibold">{review.rating}</legend>
      <div className="flex items-center gap-1">
        {[1, 2, 3, 4, 5].map((star) => (
          <label
            key={star}
            className="grid size-11 place-items-center rounded-control hover:bg-sunken has-focus-visible:outline-3 has-focus-visible:outline-primary"
          >
            <input
              type="radio"
              name={id}
              value={star}
              checked={value === star}
              onChange={() => onChange(star)}
              className="sr-only"
            />
            <span className="sr-only">{starsInput.option(star, starsInput.meanings[star - 1] ?? "")}</span>
            <Star
              aria-hidden
              className={cn(
                "size-7",
                value !== null && star <= value ? "fill-accent text-accent" : "text-line-strong",
              )}
            />
          </label>
        ))}
        <span aria-hidden className="ml-2 text-ink-soft">
          {value === null ? "" : starsInput.meanings[value - 1]}
        </span>
      </div>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </fieldset>
  );
}
