import { readDate } from "#scheduling/dates.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { useSearchParams } from "@/lib/router/router.tsx";
import type { CalendarView } from "./calendarLayout.ts";

export type SessionsView = "list" | CalendarView;
const sessionsViews: readonly SessionsView[] = ["list", "day", "week", "month"];

const REMEMBERED = "matepeak.sessionsView";

/** The view and date in the address. Without a view, the one last used on this device. */
export function useCalendarAddress(today: LocalDate) {
  const [search] = useSearchParams();
  return {
    view: viewOf(search.get("view")) ?? viewOf(remembered()) ?? "list",
    date: readDate(search.get("date") ?? "") ?? today,
  };
}

/** The `?…` of a view. */
export function calendarSearch(view: SessionsView, date?: LocalDate): string {
  return `?${new URLSearchParams({ view, ...(date ? { date } : {}) })}`;
}

export function rememberView(view: SessionsView): void {
  try {
    localStorage.setItem(REMEMBERED, view);
  } catch {
    // Storage is not allowed: next time the list is shown first.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // Storage is not allowed: nothing is remembered.
  }
}

function viewOf(text: string | null): SessionsView | undefined {
  return sessionsViews.find((view) => view === text);
}
