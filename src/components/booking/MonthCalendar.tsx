import { ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useRef } from "react";
import { DayPicker, type DayPickerProps } from "react-day-picker";
import { announce } from "@/components/layout/Announcer";
import { buttonVariants } from "@/components/ui/Button";
import { cn } from "@/lib/classNames";
import { firstWeekday, formatDate, formatMonth, todayIn } from "@/lib/time";
import { countWords } from "@/lib/words";
import { monthOf } from "./freeTimes";
import type { FreeTimes } from "./useFreeTimes";

type MonthCalendarProps = {
  freeTimes: FreeTimes;
  timeZone: string;
  date: string | null;
  onDateChange: (date: string) => void;
};

const nav = cn(buttonVariants({ variant: "ghost", size: "icon" }), "border-line bg-surface");

const classNames: DayPickerProps["classNames"] = {
  root: "relative",
  months: "relative",
  month_caption: "flex h-11 items-center pl-1 text-lg font-bold",
  nav: "absolute top-0 right-0 flex gap-1.5",
  button_previous: nav,
  button_next: nav,
  month_grid: "mt-2 w-full table-fixed border-collapse",
  weekday: "h-9 text-sm font-semibold text-ink-soft",
  day: "p-0.5 text-center",
  day_button: "",
};

/**
 * One month as a grid for the arrow keys. A day with free times is bold with a mark below, one without is plain: never the
 * colour alone. Days stay choosable when nothing is free, to be told what is free next; only days out of range are not.
 *
 * A calendar cell is a date without a zone, which DayPicker holds as a `Date` at local midnight; `toDate` and `toText` are
 * the only places where one becomes the other.
 */
export function MonthCalendar({ freeTimes, timeZone, date, onDateChange }: MonthCalendarProps) {
  const { bookable, days, month, status } = freeTimes;
  const isFree = (day: Date) => (days.get(toText(day))?.length ?? 0) > 0;
  useMonthAnnouncement(freeTimes);
  return (
    <DayPicker
      mode="single"
      required
      month={toDate(month)}
      onMonthChange={(next) => freeTimes.showMonth(monthOf(toText(next)))}
      startMonth={toDate(bookable.from)}
      endMonth={toDate(bookable.to)}
      today={toDate(todayIn(timeZone))}
      weekStartsOn={firstWeekday()}
      selected={date ? toDate(date) : undefined}
      onSelect={(day) => onDateChange(toText(day))}
      disabled={{ before: toDate(bookable.from), after: toDate(bookable.to) }}
      modifiers={{ free: isFree }}
      classNames={classNames}
      aria-label="Days"
      labels={{
        labelDayButton: (day, modifiers) => {
          const count = days.get(toText(day))?.length ?? 0;
          const isKnown = status === "ready" || count > 0;
          const times = modifiers.disabled
            ? "not bookable"
            : isKnown
              ? freeTimesWords(count)
              : status === "loading"
                ? "loading free times"
                : "free times unknown";
          return [
            formatDate(toText(day)),
            times,
            modifiers.today && "today",
            modifiers.selected && "selected",
          ]
            .filter(Boolean)
            .join(", ");
        },
        labelPrevious: () => "Previous month",
        labelNext: () => "Next month",
      }}
      formatters={{ formatCaption: (first) => formatMonth(toText(first)) }}
      components={{ DayButton, Chevron }}
    />
  );
}

type DayButtonProps = Parameters<NonNullable<NonNullable<DayPickerProps["components"]>["DayButton"]>>[0];

function DayButton({ day, modifiers, className: _, ...props }: DayButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (modifiers.focused) button.current?.focus();
  }, [modifiers.focused]);
  return (
    <button
      {...props}
      ref={button}
      className={cn(
        "relative mx-auto flex h-11 w-full max-w-12 items-center justify-center rounded-control border tabular-nums transition-colors",
        modifiers.selected
          ? "border-transparent bg-primary font-bold text-on-primary"
          : modifiers.free
            ? "border-transparent bg-primary-soft font-bold text-primary-text hover:border-primary"
            : "border-transparent text-ink-soft hover:border-line-strong disabled:opacity-50 disabled:hover:border-transparent",
        modifiers.today && !modifiers.selected && "border-line-strong",
      )}
    >
      {day.date.getDate()}
      {modifiers.free && <span aria-hidden className="absolute bottom-1.5 h-1 w-4 rounded-full bg-current" />}
    </button>
  );
}

function freeTimesWords(count: number): string {
  return count === 0 ? "no free times" : countWords(count, "free time");
}

function Chevron({ orientation }: { orientation?: "up" | "down" | "left" | "right" }) {
  const Icon = orientation === "left" ? ChevronLeft : ChevronRight;
  return <Icon aria-hidden className="size-5" />;
}

/** The caption itself is a live region; this adds what came for the month, once it has come. */
function useMonthAnnouncement({ month, days, status }: FreeTimes): void {
  const free = [...days.keys()].filter((date) => monthOf(date) === month).length;
  const said = useRef(month);
  useEffect(() => {
    if (status !== "ready" || said.current === month) return;
    said.current = month;
    announce(`${formatMonth(month)}: ${free === 0 ? "no days" : countWords(free, "day")} with free times`);
  }, [month, free, status]);
}

function toDate(date: string): Date {
  return new Date(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)));
}

function toText(date: Date): string {
  const part = (value: number, width: number) => String(value).padStart(width, "0");
  return `${part(date.getFullYear(), 4)}-${part(date.getMonth() + 1, 2)}-${part(date.getDate(), 2)}`;
}
