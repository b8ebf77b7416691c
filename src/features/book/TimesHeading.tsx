import { ArrowLeft } from "lucide-react";
import { useEffect, useRef } from "react";
import type { LocalDate } from "#scheduling/units.ts";
import { monthCalendar } from "#words/book.ts";
import { formatDate } from "@/lib/time.ts";
import { Button } from "@/ui/Button.tsx";

type TimesHeadingProps = { id: string; date: LocalDate; takeFocus: boolean; onBack: () => void };

/** The chosen day, which takes the focus from the grid, and a way back to the grid. */
export function TimesHeading({ id, date, takeFocus, onBack }: TimesHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each date takes the focus once.
  useEffect(() => {
    if (!takeFocus) return;
    heading.current?.focus({ preventScroll: true });
    // On narrow screens the times are below the calendar, out of sight.
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
        {monthCalendar.otherDate}
      </Button>
    </div>
  );
}

/** Scrolls the dialog's body alone: `scrollIntoView` would also scroll everything around it. */
function scrollToTop(element: HTMLElement | null): void {
  const body = element?.closest("[data-dialog-body]");
  if (element && body)
    body.scrollTop += element.getBoundingClientRect().top - body.getBoundingClientRect().top;
}
