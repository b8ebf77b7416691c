import { createContext, useContext, useEffect } from "react";
import type { CreateAvailabilitySlot, CreateTimezonePeriod, OutsideSession } from "#contract/hours.ts";
import type { OwnHours, PreviewHours } from "#contract/ownHours.ts";
import { addDays } from "#scheduling/dates.ts";
import type { LocalDate } from "#scheduling/units.ts";
import type { DateRange } from "@/lib/months.ts";
import type { WeekForm } from "./weekForm.ts";
import { placeOf } from "./weekGrid.ts";

/** Unsaved changes by form; a form without any has no entry. */
export type HoursDrafts = {
  week?: WeekForm | undefined;
  dated?: CreateAvailabilitySlot | undefined;
  daysOff?: DateRange | undefined;
  travel?: CreateTimezonePeriod | undefined;
  rules?: PreviewHours["settings"] | undefined;
};

type SharedDrafts = {
  setDraft: <Part extends keyof HoursDrafts>(part: Part, draft: HoursDrafts[Part]) => void;
  /** Booked sessions that only the unsaved changes would leave outside the hours; empty until the preview has loaded. */
  newlyOutside: readonly OutsideSession[];
};

export const HoursDraftContext = createContext<SharedDrafts>({ setDraft: () => undefined, newlyOutside: [] });

export function useHoursDraftContext(): SharedDrafts {
  return useContext(HoursDraftContext);
}

/** Shares a form's unsaved changes with the preview; undefined for none. */
export function useHoursDraft<Part extends keyof HoursDrafts>(part: Part, draft: HoursDrafts[Part]): void {
  const { setDraft } = useHoursDraftContext();
  // Forms create new objects with every keystroke; only different values are a new draft.
  const written = JSON.stringify(draft);
  useEffect(() => {
    setDraft(part, written === undefined ? undefined : (JSON.parse(written) as HoursDrafts[Part]));
    return () => setDraft(part, undefined);
  }, [part, written, setDraft]);
}

/** The most days that can be blocked in one call. */
const MAX_DAYS = 366;

/** The request for a preview: the parts of the saved hours that the drafts change, with the drafts merged in. */
export function toPreviewRequest(
  hours: OwnHours,
  drafts: HoursDrafts,
  today: LocalDate,
): Partial<PreviewHours> {
  const { week, dated, daysOff, travel, rules } = drafts;
  // Windows may run past midnight, and the mentor's date may differ from that of the hours.
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

function datesOf({ from, to }: DateRange): LocalDate[] {
  const dates: LocalDate[] = [];
  for (let date = from; date <= to && dates.length < MAX_DAYS; date = addDays(date, 1)) dates.push(date);
  return dates;
}
