import { type CreateProgramme, type Programme, programme } from "#contract/programmes.ts";
import { type JoinProgramme, type Series, series } from "#contract/series.ts";
import { dateIn } from "./booking.ts";
import type { Mentor, Person } from "./testApp.ts";

/** The body of a request for a programme of three weeks, outside of the hours. */
export function programmeOf(
  mentor: Mentor,
  {
    days = 10,
    time = "20:00",
    ...wishes
  }: Partial<CreateProgramme> & {
    /** From today to the first session. */
    days?: number;
    time?: string;
  } = {},
): CreateProgramme {
  return {
    service_id: mentor.services[0]?.id ?? "",
    title: "Three weeks of practice",
    duration: 60,
    scheduled_date: dateIn(mentor, days),
    scheduled_time: time,
    weeks: 3,
    price: 0,
    ...wishes,
  };
}

export async function makeProgramme(
  mentor: Mentor,
  wishes: Parameters<typeof programmeOf>[1] = {},
): Promise<Programme> {
  return (await mentor.call("POST", "/mentors/me/programmes", programmeOf(mentor, wishes)))
    .expect(201)
    .read(programme);
}

export function joiningOf({ id, expert_id, price }: Programme): JoinProgramme {
  return { expert_id, pattern: "programme", programme_id: id, total_amount: price };
}

export async function joinProgramme(
  person: Person,
  made: Programme,
  wishes: Partial<JoinProgramme> = {},
): Promise<Series> {
  return (await person.call("POST", "/series", { ...joiningOf(made), ...wishes })).expect(201).read(series);
}
