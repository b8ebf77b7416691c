import { type GroupSession, groupSessionList } from "#contract/groupSessions.ts";
import { type CreateService, type Service, service } from "#contract/services.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { book, dateIn } from "./booking.ts";
import type { Mentor, Person, TestApp } from "./testApp.ts";
import type { TestDatabase } from "./testDatabase.ts";

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

/** Moves a session with its seats, without any rule, so that it began some time ago; a decision at its start is due. */
export async function shiftGroup(
  { owner }: Pick<TestDatabase, "owner">,
  { id }: Pick<GroupSession, "id">,
  ago: string,
): Promise<void> {
  const values = [id, ago];
  await owner.query("set session_replication_role = replica");
  const begun = "date_trunc('second', now() - $2::interval)";
  await owner.query(
    `update bookings b set starts_at = ${begun}, ends_at = ${begun} + (b.ends_at - b.starts_at)
     from group_sessions g where g.id = $1 and b.occupancy_id = g.occupancy_id`,
    values,
  );
  await owner.query(
    `update occupancies o set starts_at = ${begun}, ends_at = ${begun} + (o.ends_at - o.starts_at),
       during = tstzrange(${begun}, ${begun} + (o.ends_at - o.starts_at)), join_until = ${begun} + (o.join_until - o.starts_at)
     from group_sessions g where g.id = $1 and o.id = g.occupancy_id`,
    values,
  );
  await owner.query(
    `update group_sessions set starts_at = ${begun}, ends_at = ${begun} + (ends_at - starts_at),
       decide_at = ${begun} - decide_minutes * interval '1 minute' where id = $1`,
    values,
  );
  await owner.query("reset session_replication_role");
  await owner.query(
    "update schedule_revisions r set revision = r.revision + 1 from group_sessions g where g.id = $1 and r.expert_id = g.expert_id",
    [id],
  );
}
