import { availabilityAlert } from "#contract/alerts.ts";
import { type Booking, booking } from "#contract/bookings.ts";
import type { GroupSession } from "#contract/groupSessions.ts";
import {
  availabilitySlotList,
  blockedDateList,
  savedBlockedDate,
  savedTimezonePeriod,
} from "#contract/hours.ts";
import type { Programme } from "#contract/programmes.ts";
import { type BookingReview, bookingReview } from "#contract/reviews.ts";
import type { Series } from "#contract/series.ts";
import type { Service } from "#contract/services.ts";
import { type TimeRequest, timeRequest, timeRequestPage } from "#contract/timeRequests.ts";
import { type JoinWaitlist, type WaitlistOffer, waitlist, waitlistEntry } from "#contract/waitlist.ts";
import { book, bookAny, dateIn, letEnd, moveBooking } from "../server/testing/booking.ts";
import { addGroupService, schedule } from "../server/testing/groups.ts";
import { runTask } from "../server/testing/jobs.ts";
import { makeProgramme } from "../server/testing/programmes.ts";
import type { Mentor, Person, TestApp } from "../server/testing/testApp.ts";
import { bookSeries, startsOfDay } from "../server/testing/together.ts";

import { confirmAddress } from "../server/testing/twoFactor.ts";

/** The people and things of one row. A thing that a call uses up is made again for every caller. */
export interface World {
  mentor: Mentor;
  otherMentor: Mentor;
  student: Person;
  stranger: Person;
  serviceId: string;
  windowId: () => Promise<string>;
  blockedDateId: () => Promise<string>;
  periodId: () => Promise<string>;
  alertId: () => Promise<string>;
  /** A place of the student's in the mentor's queue. */
  waitlistEntryId: () => Promise<string>;
  /** What is offered to the student. */
  waitlistOffer: () => Promise<WaitlistOffer>;
  timeRequest: () => Promise<TimeRequest>;
  booking: () => Promise<Booking>;
  /** A group session of the mentor, in which the student has the booking. */
  groupSeat: () => Promise<{ session: GroupSession; booking: Booking }>;
  /** Two sessions of a programme, without people. */
  programme: () => Promise<Programme>;
  /** Two sessions of the student. */
  series: () => Promise<Series>;
  agreedSession: () => Promise<Booking>;
  heldSession: () => Promise<Booking>;
  completed: () => Promise<Booking>;
  endedSession: () => Promise<Booking>;
  /** Its student has reported the mentor as a no-show. */
  claimed: () => Promise<Booking>;
  reviewed: () => Promise<BookingReview>;
  /** A document of the student, in the mentor's name. */
  receiptId: () => Promise<string>;
  /** Confirms the addresses of all four people. */
  confirmAddresses: () => Promise<void>;
  /** A passkey of the student. */
  passkeyId: () => Promise<string>;
}

export async function makeWorld(test: TestApp): Promise<World> {
  const [student, stranger] = (await test.signUpCrowd(2)) as [Person, Person];
  const mentor = await test.makeMentor();
  const made = () => bookAny(student, mentor);
  let day = 40;
  let group: Service | undefined;
  let programmes = 0;
  const waitlistEntryId = async () => {
    const wait = await waitOn(mentor, day++);
    const joined = await student.call("POST", `/mentors/${mentor.id}/waitlist`, wait);
    return joined.expect(201).read(waitlistEntry).id;
  };
  const heldSession = async () => {
    const { id } = await made();
    await mentor.call("POST", `/bookings/${id}/confirm`);
    await moveBooking(test.db, id, -day++);
    return (await mentor.call("GET", `/bookings/${id}`)).read(booking);
  };
  const completed = async () =>
    (await mentor.call("POST", `/bookings/${(await heldSession()).id}/complete`)).expect(200).read(booking);
  const otherMentor = await test.makeMentor();
  const addPasskey = async () => {
    const { rows } = await test.db.owner.query<{ id: string }>(
      `insert into auth.passkeys (user_id, name, credential_id, public_key, counter, transports)
       values ($1, 'Key', gen_random_uuid(), '', 0, '{}') returning id`,
      [student.id],
    );
    return rows[0]?.id ?? "";
  };
  let hour = 1;
  const endedSession = async () => {
    const { id } = await made();
    await mentor.call("POST", `/bookings/${id}/confirm`);
    await letEnd(test.db, id, hour);
    // An hour each, and some minutes for the time that passes meanwhile.
    hour += 1.1;
    return (await mentor.call("GET", `/bookings/${id}`)).read(booking);
  };
  return {
    mentor,
    otherMentor,
    student,
    stranger,
    serviceId: mentor.services[0]?.id ?? "",
    windowId: async () =>
      (await mentor.call("GET", "/availability-slots")).read(availabilitySlotList).data[0]?.id ?? "",
    blockedDateId: async () =>
      (await mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, day++) })).read(savedBlockedDate)
        .id,
    periodId: async () => {
      const date = dateIn(mentor, 500 + day++);
      const period = { starts_on: date, ends_on: date, timezone: "Asia/Tokyo" };
      return (await mentor.call("POST", "/timezone-periods", period)).read(savedTimezonePeriod).id;
    },
    alertId: async () =>
      (await student.call("POST", "/availability-alerts", await alertOn(mentor, day++))).read(
        availabilityAlert,
      ).id,
    waitlistEntryId,
    waitlistOffer: async () => {
      const id = await waitlistEntryId();
      await freeDay(mentor, day - 1);
      await runTask(test.db, "offer_waitlist", { mentor_id: mentor.id });
      const { data } = (await student.call("GET", "/waitlist")).read(waitlist);
      const offer = data.find((entry) => entry.id === id)?.offer;
      if (!offer) throw new Error("Nothing was offered.");
      return offer;
    },
    timeRequest: async () => {
      // A student may have only one open request with a mentor, so the last one is withdrawn first.
      const { data } = (await student.call("GET", "/time-requests?status=open")).read(timeRequestPage);
      for (const { id } of data) (await student.call("POST", `/time-requests/${id}/withdraw`)).expect(200);
      return (await student.call("POST", "/time-requests", requestFor(mentor, day++)))
        .expect(201)
        .read(timeRequest);
    },
    booking: made,
    groupSeat: async () => {
      group ??= await addGroupService(mentor);
      const session = await schedule(mentor, dateIn(mentor, day++), { service_id: group.id });
      const serviceIndex = mentor.services.indexOf(group);
      return { session, booking: await book(student, mentor, session.starts_at, { serviceIndex }) };
    },
    programme: async () => {
      group ??= await addGroupService(mentor);
      // Seven begin in one week and end in the next one.
      const days = 45 + (programmes % 7) + 14 * Math.floor(programmes / 7);
      programmes++;
      return makeProgramme(mentor, { service_id: group.id, days, time: "18:00", weeks: 2 });
    },
    series: async () => bookSeries(student, mentor, await startsOfDay(student, mentor, 2)),
    agreedSession: async () =>
      (await mentor.call("POST", `/bookings/${(await made()).id}/confirm`)).read(booking),
    heldSession,
    completed,
    endedSession,
    claimed: async () =>
      (await student.call("POST", `/bookings/${(await endedSession()).id}/no-show`))
        .expect(200)
        .read(booking),
    reviewed: async () => {
      const { id } = await completed();
      return (await student.call("POST", `/bookings/${id}/review`, { rating: 5 }))
        .expect(201)
        .read(bookingReview);
    },
    receiptId: async () => {
      const { rows } = await test.db.owner.query<{ id: string }>(
        `with paid as (
           insert into payments (expert_id, user_id, booking_id, provider, capture, amount_minor, currency, state)
           values ($1, $2, $3, 'sandbox', 'automatic', 100, 'INR', 'captured') returning *
         )
         insert into payment_attempts (expert_id, payment_id, attempt_id, state, amount_minor, currency, captured_minor, created_at)
         select expert_id, id, 'pay_1', 'captured', 100, 'INR', 100, now() from paid returning payment_id as id`,
        [mentor.id, student.id, (await made()).id],
      );
      const payment = [mentor.id, rows[0]?.id];
      await test.db.owner.query(
        `update payments p set accepted_attempt_id = a.id from payment_attempts a
         where a.payment_id = p.id and a.expert_id = $1 and p.id = $2 and p.expert_id = $1`,
        payment,
      );
      const issued = await test.db.owner.query<{ id: string }>(
        "select private.issue_receipt($1, $2) as id",
        payment,
      );
      return issued.rows[0]?.id ?? "";
    },
    confirmAddresses: async () => {
      for (const person of [student, stranger, mentor, otherMentor]) await confirmAddress(test, person);
    },
    passkeyId: async () => {
      // The last way to sign in cannot be removed, and this student has no password.
      await addPasskey();
      return addPasskey();
    },
  };
}

/** Returns the body of a wish to wait for a day on which nothing is free. */
export async function waitOn(mentor: Mentor, days: number): Promise<JoinWaitlist> {
  const { service_id, duration, from, to, timezone } = await alertOn(mentor, days);
  return { kind: "days", service_id: service_id ?? "", duration, from, to, timezone };
}

async function freeDay(mentor: Mentor, days: number): Promise<void> {
  const { data } = (await mentor.call("GET", "/blocked-dates")).read(blockedDateList);
  const off = data.find(({ date }) => date === dateIn(mentor, days));
  (await mentor.call("DELETE", `/blocked-dates/${off?.id}`)).expect(204);
}

/** Returns the body of an alert for a day on which nothing is free. */
export async function alertOn(mentor: Mentor, days: number) {
  const from = dateIn(mentor, days);
  await mentor.call("POST", "/blocked-dates", { date: from });
  return {
    expert_id: mentor.id,
    service_id: mentor.services[0]?.id,
    duration: 60,
    from,
    to: from,
    timezone: "Asia/Kolkata",
  };
}

/** Returns the body of a request for three in the morning, which is not offered. */
export function requestFor(mentor: Mentor, days: number) {
  const starts_at = [`${dateIn(mentor, days)}T21:30:00Z`];
  return {
    expert_id: mentor.id,
    service_id: mentor.services[0]?.id,
    duration: 60,
    total_amount: 2000,
    starts_at,
  };
}
