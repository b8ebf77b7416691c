import { createContext, useContext, useEffect } from "react";
import type { CreateAvailabilitySlot, CreateTimezonePeriod, OutsideSession } from "#contract/availability.ts";
import type { OwnHours, PreviewHours } from "#contract/hours.ts";
import { addDays } from "#scheduling/dates.ts";
import type { WeekForm } from "./weekForm.ts";
import { placeOf } from "./weekGrid.ts";

/** What is typed and not saved yet; a part is there only while it says something. */
export type HoursDrafts = {
  week?: WeekForm | undefined;
  dated?: CreateAvailabilitySlot | undefined;
  daysOff?: { from: string; to: string } | undefined;
  travel?: CreateTimezonePeriod | undefined;
  rules?: PreviewHours["settings"] | undefined;
};

type Desk = {
  setDraft: <Part extends keyof HoursDrafts>(part: Part, draft: HoursDrafts[Part]) => void;
  /** Sessions that only what is typed would leave outside; empty while nobody knows. */
  newlyOutside: readonly OutsideSession[];
};

export const HoursDraftContext = createContext<Desk>({ setDraft: () => undefined, newlyOutside: [] });

export function useHoursDraftContext(): Desk {
  return useContext(HoursDraftContext);
}

/** Lays a form's unsaved part on the desk, so that the preview reckons with it; undefined for nothing. */
export function useHoursDraft<Part extends keyof HoursDrafts>(part: Part, draft: HoursDrafts[Part]): void {
  const { setDraft } = useHoursDraftContext();
  // Forms make their values anew with every keystroke: only other values are another draft.
  const written = JSON.stringify(draft);
  useEffect(() => {
    setDraft(part, written === undefined ? undefined : (JSON.parse(written) as HoursDrafts[Part]));
    return () => setDraft(part, undefined);
  }, [part, written, setDraft]);
}

/** As many as may be blocked at once. */
const MOST_DAYS = 366;

/** The saved hours with what is typed put in, as far as it differs: what the preview is asked about. */
export function toPreviewRequest(hours: OwnHours, drafts: HoursDrafts, today: string): Partial<PreviewHours> {
  const { week, dated, daysOff, travel, rules } = drafts;
  // Windows run over midnight, and the mentor's today need not be that of the hours.
  const ahead = addDays(today, -2);
  const weekly = week
    ? week.days.flatMap(({ windows }, day_of_week) =>
        windows
          .filter((window) => placeOf(day_of_week, window))
          .map(({ start, end }) => ({ day_of_week, start_time: start, end_time: end })),
      )
    : hours.slots.filter((slot) => slot.is_recurring).map(toPreviewWindow);
  const saved = hours.slots.filter(({ specific_date }) => specific_date !== null && specific_date >= ahead);
  return {
    ...((week || dated) && {
      windows: [...weekly, ...saved.map(toPreviewWindow), ...(dated ? [dated] : [])],
    }),
    ...(daysOff && {
      blocked_dates: [
        ...hours.blocked_dates.map(({ date }) => date).filter((date) => date >= ahead),
        ...datesOf(daysOff),
      ],
    }),
    ...(travel && {
      timezone_periods: [
        ...hours.timezone_periods
          .filter(({ ends_on }) => ends_on >= ahead)
          .map(({ starts_on, ends_on, timezone }) => ({ starts_on, ends_on, timezone })),
        travel,
      ],
    }),
    ...(rules && { settings: rules }),
  };
}

function toPreviewWindow(slot: OwnHours["slots"][number]): CreateAvailabilitySlot {
  const { day_of_week, specific_date, start_time, end_time, replaces_weekly } = slot;
  return specific_date === null
    ? { day_of_week, start_time, end_time }
    : { specific_date, start_time, end_time, replaces_weekly };
}

function datesOf({ from, to }: { from: string; to: string }): string[] {
  const dates: string[] = [];
  for (let date = from; date <= to && dates.length < MOST_DAYS; date = addDays(date, 1)) dates.push(date);
  return dates;
}
