import { ArrowLeft } from "lucide-react";
import { useEffect, useRef } from "react";
import { formatDate } from "@/lib/time.ts";
import { Button } from "@/ui/Button.tsx";

type TimesHeadingProps = { id: string; date: string; takeFocus: boolean; onBack: () => void };

/** Names the chosen day and takes the focus from the grid, with a way back to it. */
export function TimesHeading({ id, date, takeFocus, onBack }: TimesHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another date is another turn.
  useEffect(() => {
    if (!takeFocus) return;
    heading.current?.focus({ preventScroll: true });
    // Below the calendar the times are out of sight; beside it they are not.
    const isBeside = window.matchMedia("(min-width: 48rem)").matches;
    if (isBeside) heading.current?.scrollIntoView({ block: "nearest" });
    else scrollToTop(heading.current);
  }, [date, takeFocus]);
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-x-4">
      <h4 id={id} ref={heading} tabIndex={-1} className="py-2 text-lg font-bold outline-none">
        {formatDate(date)}
      </h4>
      <Button variant="link" size="inline" onClick={onBack}>
        <ArrowLeft aria-hidden className="size-4" />
        Choose a different date
      </Button>
    </div>
  );
}

/** Moves the dialog's body alone: `scrollIntoView` to the start would move everything around it as well. */
function scrollToTop(element: HTMLElement | null): void {
  const body = element?.closest("[data-dialog-body]");
  if (element && body)
    body.scrollTop += element.getBoundingClientRect().top - body.getBoundingClientRect().top;
}
