import type { ScheduleGroupSessions, UpdateGroupSession } from "#contract/groupSessions.ts";
import type { CreateProgramme } from "#contract/programmes.ts";
import type { Service } from "#contract/services.ts";
import { countLimits } from "#rules/limits.ts";
import { localDate, readDate } from "#scheduling/dates.ts";
import { asMinutes, formatInstant, type LocalDate } from "#scheduling/units.ts";
import { groupForms } from "#words/groupSessions.ts";
import { programmeForm } from "#words/programmes.ts";
import { serviceErrors } from "#words/serviceEditor.ts";
import { addDays, type TypedDate } from "@/lib/time.ts";
import { instantAt } from "@/lib/wallTime.ts";

/** Seats and terms as they are typed. */
export interface SeatsForm {
  capacity: string;
  min_attendees: string;
  decide_minutes: string;
  late_join_minutes: string;
}

/** Sessions to schedule, as they are typed. */
export interface ScheduleForm extends SeatsForm {
  service_id: string;
  duration: string;
  scheduled_date: TypedDate;
  scheduled_time: string;
  weeks: string;
  /** Dates without a tick. */
  skipped_dates: LocalDate[];
}

/** What students are told of a programme. */
export interface ProgrammeWords {
  title: string;
  description: string;
}

/** Sessions that may be offered as one programme. */
export interface ProgrammeForm extends ScheduleForm, ProgrammeWords {
  is_programme: boolean;
  price: string;
}

export function newProgrammeForm(service: Service): ProgrammeForm {
  return { ...newSchedule(service), is_programme: false, title: "", description: "", price: "" };
}

export function programmeOf(form: ProgrammeForm): CreateProgramme {
  const { late_join_minutes: _late, weeks = 1, ...sessions } = scheduleOf(form);
  return {
    ...sessions,
    weeks,
    title: form.title,
    description: form.description,
    price: Number(plain(form.price)),
  };
}

/** Accepts '8,000' as typed in India. */
export function priceProblem(text: string): string | true {
  return /^\d+(\.\d{1,2})?$/.test(plain(text)) || programmeForm.priceMissing;
}

function plain(text: string): string {
  return text.replaceAll(/[\s,₹]/g, "");
}

export function groupServicesOf(services: readonly Service[]): Service[] {
  return services.filter(
    ({ enabled, capacity, durations }) => enabled && capacity > 1 && durations.length > 0,
  );
}

/** What a service says, to begin with. */
export function seatsFormOf(service: Service): SeatsForm {
  return {
    capacity: String(service.capacity),
    min_attendees: String(service.min_attendees),
    decide_minutes: String(service.decide_minutes),
    late_join_minutes: String(service.late_join_minutes),
  };
}

function newSchedule(service: Service): ScheduleForm {
  return {
    ...seatsFormOf(service),
    service_id: service.id,
    duration: String(service.durations[0]?.minutes ?? ""),
    scheduled_date: "",
    scheduled_time: "",
    weeks: "1",
    skipped_dates: [],
  };
}

export function scheduleOf(form: ScheduleForm): ScheduleGroupSessions {
  const dates: readonly string[] = datesOf(form);
  const skipped_dates = form.skipped_dates.filter((date) => dates.includes(date));
  return {
    service_id: form.service_id,
    duration: asMinutes(Number(form.duration)),
    scheduled_date: form.scheduled_date,
    scheduled_time: form.scheduled_time,
    weeks: Number(form.weeks),
    ...(skipped_dates.length > 0 && { skipped_dates }),
    ...seatsOf(form),
  };
}

export function seatsOf(form: SeatsForm): Required<UpdateGroupSession> {
  return {
    capacity: Number(form.capacity),
    min_attendees: Number(form.min_attendees),
    decide_minutes: asMinutes(Number(form.decide_minutes)),
    late_join_minutes: asMinutes(Number(form.late_join_minutes)),
  };
}

/** The dates of a weekly sequence on the mentor's calendar; none while it is not whole. */
export function datesOf({
  scheduled_date,
  weeks,
}: Pick<ScheduleForm, "scheduled_date" | "weeks">): LocalDate[] {
  if (readDate(scheduled_date) === null || weeksProblem(weeks) !== true) return [];
  const first = localDate(scheduled_date);
  return Array.from({ length: Number(weeks) }, (_, week) => addDays(first, week * 7));
}

/** Which dates have a start among those that the API found taken. */
export function takenDates(
  dates: readonly LocalDate[],
  time: string,
  timeZone: string,
  takenStarts: readonly string[],
): Set<LocalDate> {
  if (time === "") return new Set();
  const taken = new Set(takenStarts.map((start) => Date.parse(start)));
  return new Set(
    dates.filter((date) => taken.has(Date.parse(formatInstant(instantAt(date, time, timeZone))))),
  );
}

export function weeksProblem(text: string): string | true {
  const most = countLimits.groupSessionsAtOnce;
  const isWithin = /^\s*\d+\s*$/.test(text) && Number(text) >= 1 && Number(text) <= most;
  return isWithin || groupForms.wholeWeeks(most);
}

export function minimumProblem(text: string, { capacity }: SeatsForm): string | true {
  if (!/^\s*\d+\s*$/.test(text) || Number(text) < 1) return serviceErrors.minimumRange;
  return Number(text) <= Number(capacity) || serviceErrors.minimumAboveSeats;
}
