import type { Client } from "pg";
import { windowHours } from "#rules/windows.ts";
import { personOf } from "./people.ts";
import { type ServiceIds, serviceName } from "./writeMentors.ts";

interface DemoNoShow {
  student: string;
  mentor: string;
  /** Key of one of the mentor's services. */
  service: string;
  reason: string;
}

/** For the session that ended the day before yesterday, so that its mentor has an open report. */
export const demoNoShow: DemoNoShow = {
  student: "daniel",
  mentor: "asha",
  service: "pairing",
  reason: "I was in the room for half an hour. Did something come up?",
};

/**
 * Lets a student report that the mentor did not attend, through the same triggers as all reports. Writes nothing once
 * the time to report is over, as in a demo that is seeded with a shifted clock.
 */
export async function writeNoShow(owner: Client, claim: DemoNoShow, services: ServiceIds): Promise<void> {
  const student = personOf(claim.student).id;
  await owner.query("select set_config('request.jwt.claims', $1, true)", [JSON.stringify({ sub: student })]);
  await owner.query(
    `insert into no_show_claims (booking_id, expert_id, reason)
     select id, expert_id, $3 from bookings
     where user_id = $1 and service_id = $2 and status = 'confirmed'
       and ends_at between now() - $4 * interval '1 hour' and now()
     order by ends_at limit 1`,
    [
      student,
      services.get(serviceName(claim.mentor, claim.service)),
      claim.reason,
      windowHours.noShowReport - 1,
    ],
  );
  await owner.query("select set_config('request.jwt.claims', '', true)");
}
