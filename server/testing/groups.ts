import { type GroupSession, groupSessionList } from "#contract/groupSessions.ts";
import { type CreateService, type Service, service } from "#contract/services.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { book, dateIn } from "./booking.ts";
import type { Mentor, Person, TestApp } from "./testApp.ts";

export interface OpenGroup {
  mentor: Mentor;
  session: GroupSession;
  /** With a seat each. */
  people: Person[];
}

/** A group session that its mentor scheduled at 20:00 in ten days, outside of the hours, and people in it. */
export async function openGroup(
  test: TestApp,
  { people: size = 0, ...wishes }: Partial<CreateService> & { people?: number } = {},
): Promise<OpenGroup> {
  const mentor = await test.makeMentor({
    settings: { instant_confirm: true },
    services: [{ session_type: "groupSession", title: "Circle", capacity: 8, ...wishes }],
  });
  const session = await schedule(mentor, dateIn(mentor, 10));
  const people = size === 0 ? [] : await test.signUpCrowd(size);
  for (const person of people) await joinGroup(person, mentor, session);
  return { mentor, session, people };
}

/** Adds a service of eight seats, confirmed at once, to what a mentor offers. */
export async function addGroupService(mentor: Mentor): Promise<Service> {
  const added = (
    await mentor.call("POST", "/mentors/me/services", {
      session_type: "groupSession",
      title: "Circle",
      capacity: 8,
      instant_confirm: true,
      durations: [{ minutes: 60, price: 0 }],
    })
  )
    .expect(201)
    .read(service);
  mentor.services.push(added);
  return added;
}

export async function schedule(mentor: Mentor, date: LocalDate, others = {}): Promise<GroupSession> {
  const body = {
    service_id: mentor.services[0]?.id,
    duration: 60,
    scheduled_date: date,
    scheduled_time: "20:00",
    ...others,
  };
  const { data } = (await mentor.call("POST", "/mentors/me/group-sessions", body))
    .expect(201)
    .read(groupSessionList);
  const [first] = data;
  if (!first) throw new Error("No session was scheduled.");
  return first;
}

export function joinGroup(person: Person, mentor: Mentor, session: GroupSession) {
  return book(person, mentor, session.starts_at);
}
