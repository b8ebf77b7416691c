/** A series that is booked, as both of its people see it. Days, times and amounts come formatted; names are first names. */
import { count } from "./language.ts";

const sessions = (many: number) => count(many, { one: "session", other: "sessions" });

export const ownSeries = {
  /** Until it is known. */
  title: "Your series",
  failed: "Couldn’t load this series",
  /** @param weekday such as "Tuesday" @param time such as "7:00 pm" */
  rhythm: {
    weekly: ({ weekday, time }: { weekday: string; time: string }) => `${weekday}s, ${time}`,
    two_weeks: ({ weekday, time }: { weekday: string; time: string }) => `Every other ${weekday}, ${time}`,
    chosen: () => "Chosen dates",
    programme: ({ weekday, time }: { weekday: string; time: string }) => `Programme, ${weekday}s, ${time}`,
  },
  done: ({ done, all }: { done: number; all: number }) => `${done} of ${all} done`,
  over: (all: number) => `${sessions(all)}, all done`,
  none: "No sessions left",
  show: (many: number) => `Show ${sessions(many)}`,
  hide: "Hide sessions",
  all: "Whole series",
  place: ({ place, all }: { place: number; all: number }) => `Session ${place} of ${all}`,
  partOf: "Part of a series",
  list: "Sessions",
  details: { label: "Details", full: (when: string) => `Details of ${when}` },
  pay: { label: "Pay", full: (when: string) => `Pay for ${when}` },
  payBy: (when: string) => `Pay by ${when}, or it’s released.`,
  reschedule: "Reschedule",
  cancel: (many: number) => `Cancel ${sessions(many)}`,
  decline: (many: number) => `Decline ${sessions(many)}`,
  approve: (many: number) => `Approve ${sessions(many)}`,
  approved: (many: number) => `${sessions(many)} approved`,
  together: (others: number) =>
    `Booked together with ${count(others, { one: "other session", other: "other sessions" })}`,
};

export const missingSeries = {
  title: "Series not found",
  heading: "We can’t find this series",
  text: "The link may be incomplete, or the series belongs to another account.",
};

/** Which of its sessions a step is about. */
export const seriesScope = {
  title: "Which sessions?",
  one: "Only this session",
  later: (others: number) => `This and ${count(others, { one: "later one", other: "later ones" })}`,
  all: (many: number) => `All ${many} that are left`,
};

export const cancelSeries = {
  title: "Cancel sessions of this series?",
  keep: "Keep sessions",
  confirm: (many: number) => `Cancel ${sessions(many)}`,
  /** What goes back to the student. */
  refund: (amount: string) => `${amount} back`,
  noRefund: "No refund",
  credits: (many: number) => `${sessions(many)} back in the package`,
  tooLate: (many: number) =>
    many === 1
      ? "One can no longer be cancelled, and stays."
      : `${many} can no longer be cancelled, and stay.`,
  consequence: "Others can book these times right away. You can’t undo this.",
  done: (many: number) => `${sessions(many)} cancelled`,
};

export const moveSeries = {
  detail: "Each moves by as much as this one, and keeps its hour for the mentor.",
  refused: (many: number) =>
    many === 1 ? "One session can’t move that way:" : `${many} sessions can’t move that way:`,
  kept: "Nothing was moved. Pick another time, or move only this session.",
  done: (many: number) => `${sessions(many)} rescheduled`,
};
