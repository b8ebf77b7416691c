/** What tests of the waitlist do again and again, as the people would. */
import {
  type JoinWaitlist,
  type WaitlistEntry,
  type WaitlistOffer,
  waitlist,
  waitlistEntry,
} from "#contract/waitlist.ts";
import type { Answer } from "../../testing/answer.ts";
import { book, dateIn, readSlots } from "../../testing/booking.ts";
import { daily, type Mentor, type Person, type TestApp } from "../../testing/testApp.ts";
import type { TestDatabase } from "../../testing/testDatabase.ts";

const timezone = "Asia/Kolkata";

/** One hour a day; that of the fifth day is booked by the holder. */
export async function openFullDay(test: TestApp, holder: Person) {
  const mentor = await test.makeMentor({
    name: "Asha Rao",
    windows: daily("10:00", "11:00"),
    settings: { instant_confirm: true },
  });
  const [slot] = await readSlots(holder.call, mentor, { from: dateIn(mentor, 5) });
  return { mentor, taken: await book(holder, mentor, slot?.starts_at ?? "") };
}

const ofService = (mentor: Mentor) => ({
  service_id: mentor.services[0]?.id ?? "",
  duration: 60,
  timezone,
});

export const forSlot = (mentor: Mentor, starts_at: string): JoinWaitlist => ({
  kind: "slot",
  ...ofService(mentor),
  starts_at,
});

/** @param from days from now */
export const forDays = (mentor: Mentor, from = 5, to = from): JoinWaitlist => ({
  kind: "days",
  ...ofService(mentor),
  from: dateIn(mentor, from),
  to: dateIn(mentor, to),
});

export const forGroup = (group_session_id: string): JoinWaitlist => ({
  kind: "group",
  group_session_id,
  timezone,
});

export const join = (who: Person, { id }: { id: string }, wait: JoinWaitlist): Promise<Answer> =>
  who.call("POST", `/mentors/${id}/waitlist`, wait);

export const joined = async (who: Person, mentor: Mentor, wait: JoinWaitlist): Promise<WaitlistEntry> =>
  (await join(who, mentor, wait)).expect(201).read(waitlistEntry);

export const waitsOf = async (who: Person): Promise<WaitlistEntry[]> =>
  (await who.call("GET", "/waitlist")).expect(200).read(waitlist).data;

export const offerOf = async (who: Person): Promise<WaitlistOffer | undefined> =>
  (await waitsOf(who)).flatMap(({ offer }) => offer ?? []).find(({ state }) => state === "open");

export const accept = async (who: Person, changes = {}): Promise<Answer> =>
  who.call("POST", `/waitlist-offers/${(await offerOf(who))?.id}/accept`, {
    total_amount: 2000,
    ...changes,
  });

export const pass = async (who: Person): Promise<Answer> =>
  who.call("POST", `/waitlist-offers/${(await offerOf(who))?.id}/pass`);

/** The time of a person's offers is over, and nothing has noticed yet. */
export async function letOffersRunOut({ owner }: Pick<TestDatabase, "owner">, who: Person): Promise<void> {
  const ago = "now() - interval '1 second'";
  await owner.query("set session_replication_role = replica");
  await owner.query(
    `with ended as (
       update waitlist_offers set expires_at = ${ago} where user_id = $1 and state = 'open'
       returning occupancy_id, booking_id)
     update occupancies set expires_at = ${ago} where state = 'hold'
       and id in (select occupancy_id from ended where booking_id is null)`,
    [who.id],
  );
  await owner.query("reset session_replication_role");
}
