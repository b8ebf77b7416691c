import { randomUUID } from "node:crypto";
import { z } from "zod";
import { login, me, ownLogins } from "#contract/accounts.ts";
import { availabilityAlert, availabilityAlertList } from "#contract/alerts.ts";
import { basket } from "#contract/baskets.ts";
import { booking, bookingEvents, bookingLink, bookingPage } from "#contract/bookings.ts";
import { calendar } from "#contract/calendar.ts";
import {
  calendarConnectionList,
  calendarPushReceived,
  calendarTest,
  ownBusyTimes,
} from "#contract/calendarConnections.ts";
import { calendarFeed, newCalendarFeed } from "#contract/calendarFeed.ts";
import { documentPage, moneyDocument } from "#contract/documents.ts";
import { earnings, statementPage } from "#contract/earnings.ts";
import {
  attendees,
  checkedStarts,
  groupSession,
  groupSessionList,
  ownGroupSessionList,
  roster,
  seatsChanged,
} from "#contract/groupSessions.ts";
import {
  availability,
  availabilitySlotList,
  blockedDateList,
  savedAvailabilitySlot,
  savedBlockedDate,
  savedTimezonePeriod,
  savedWeek,
  timezonePeriodList,
} from "#contract/hours.ts";
import { joinEvents, mentorRoom, ownMeetingPlaces, shownMeetingPlaces } from "#contract/meetings.ts";
import {
  favouriteMentors,
  mentorPage,
  mentorProfile,
  mentorWithServices,
  savedMentor,
} from "#contract/mentors.ts";
import { notificationSettings } from "#contract/notificationSettings.ts";
import { notificationPage, unreadCount } from "#contract/notifications.ts";
import {
  coupon,
  couponList,
  ownPackage,
  ownPackageList,
  packageList,
  packagePurchase,
  purchaseList,
  purchasePayment,
  quote,
  quoteTogether,
} from "#contract/offers.ts";
import { mentorSetup, usernameAnswer } from "#contract/onboarding.ts";
import { dayExplanation, hoursPreview, ownHours } from "#contract/ownHours.ts";
import { checkout, payment, paymentPage } from "#contract/payments.ts";
import { payoutAccount, payoutPage } from "#contract/payouts.ts";
import { deletionBegun, deletionPreview } from "#contract/personalData.ts";
import { programme as programmeContract, programmeList, programmeRoster } from "#contract/programmes.ts";
import { bookingReview, bookingReviewAnswer, reviewPage } from "#contract/reviews.ts";
import { series, seriesChanged, seriesCheck, seriesList } from "#contract/series.ts";
import { ownServiceList, service } from "#contract/services.ts";
import { openEntryQuestion } from "#contract/sessionEntries.ts";
import {
  passkey,
  passkeyChallenge,
  recoveryCodes,
  signInMethods,
  signInOptions,
  twoFactorSetup,
} from "#contract/signInMethods.ts";
import { bookedSlots, slotAnswer } from "#contract/slots.ts";
import { studentNote, studentPage, student as studentShape } from "#contract/students.ts";
import { billingDetails, taxSettings } from "#contract/tax.ts";
import { timeRequest, timeRequestPage } from "#contract/timeRequests.ts";
import { zoneAnswer } from "#contract/timeZones.ts";
import { mentorWaitlist, waitlist, waitlistEntry, waitlistLinkUsed } from "#contract/waitlist.ts";
import { bookingOf, dateIn, readSlots } from "../../server/testing/booking.ts";

import { programmeOf } from "../../server/testing/programmes.ts";
import { makeSoftPasskey } from "../../server/testing/softPasskey.ts";
import { password, testPublicUrl } from "../../server/testing/testApp.ts";
import { basketOf, bookBasket, seriesOf, startsOfDay } from "../../server/testing/together.ts";
import { alertOn, requestFor, type World, waitOn } from "../world.ts";

/** The status for each caller: a visitor, the booking's student, another student, the owner, another mentor. */
type Statuses = [visitor: number, student: number, stranger: number, mentor: number, otherMentor: number];
export type Ask = [path: string, body?: unknown];
export interface Row {
  ask: (world: World) => Ask | Promise<Ask>;
  may: Statuses;
  /** The shape of a successful response. */
  shape: z.ZodType;
  /** Asked of an app whose students pay, so that a new booking is held and not paid yet. */
  pays?: true;
}

const everyone: Statuses = [200, 200, 200, 200, 200];
const signedIn: Statuses = [401, 200, 200, 200, 200];
/** For their own account only, and without content. */
const ownNothing: Statuses = [401, 204, 204, 204, 204];
/** With a code that was never sent. */
const ownCode: Statuses = [401, 422, 422, 422, 422];
const parties: Statuses = [401, 200, 404, 200, 404];
const mentorOfBooking: Statuses = [401, 403, 404, 200, 404];
/** Its student pays; its mentor may look. */
const studentOfBooking: Statuses = [401, 200, 404, 403, 404];
export const nothing = z.literal("");

/** Streams do not end: server/live/ tests who may listen. */
export const streams = ["GET /events", "GET /me/events", "GET /mentors/{mentor}/events"];

/** For everyone but administrators these routes do not exist; server/administration/ tests what they do. */
const administrators: Statuses = [401, 404, 404, 404, 404];
const unknownPerson = "00000000-0000-4000-8000-000000000000";
const unknownPayment = `/admin/payments/${unknownPerson}/${unknownPerson}`;
const unknownRun = `/admin/payout-runs/${unknownPerson}`;
const why = { reason: "A student asked" };
const forAdministrators = (...ask: Ask): Row => ({ ask: () => ask, may: administrators, shape: z.never() });

async function couponOf({ mentor }: World): Promise<string> {
  const code = `C${randomUUID().slice(0, 8)}`;
  return (await mentor.call("POST", "/mentors/me/coupons", { code, percent: 10 })).expect(201).read(coupon)
    .id;
}

const packageOf = (service_id: string) => ({
  service_id,
  minutes: 60,
  sessions: 2,
  price: 100,
  valid_days: 30,
});

async function packageIdOf({ mentor, serviceId }: World): Promise<string> {
  const added = await mentor.call("POST", "/mentors/me/packages", packageOf(serviceId));
  return added.expect(201).read(ownPackage).id;
}

async function purchaseOf(world: World): Promise<string> {
  const begun = await world.student.call("POST", `/packages/${await packageIdOf(world)}/purchases`);
  return begun.expect(201).read(packagePurchase).id;
}

export const rows: Record<string, Row> = {
  "GET /admin": forAdministrators("/admin"),
  "GET /admin/log": forAdministrators("/admin/log"),
  "GET /admin/people": forAdministrators("/admin/people"),
  "GET /admin/people/{person_id}": forAdministrators(`/admin/people/${unknownPerson}`),
  "POST /admin/people/{person_id}/suspend": forAdministrators(`/admin/people/${unknownPerson}/suspend`, {
    reason: "Spam",
  }),
  "POST /admin/people/{person_id}/lift": forAdministrators(`/admin/people/${unknownPerson}/lift`, {
    reason: "A mistake",
  }),
  "PUT /admin/people/{person_id}/verified": forAdministrators(`/admin/people/${unknownPerson}/verified`, {
    verified: true,
  }),
  "GET /admin/undelivered-mail": forAdministrators("/admin/undelivered-mail"),
  "POST /admin/undelivered-mail/{mail_id}/send": forAdministrators(
    `/admin/undelivered-mail/${unknownPerson}/send`,
  ),
  "GET /admin/failed-jobs": forAdministrators("/admin/failed-jobs"),
  "POST /admin/failed-jobs/{job_id}/run": forAdministrators("/admin/failed-jobs/1/run"),
  "POST /admin/failed-jobs/{job_id}/give-up": forAdministrators("/admin/failed-jobs/1/give-up"),
  "GET /admin/money": forAdministrators("/admin/money"),
  "POST /admin/money/check": forAdministrators("/admin/money/check"),
  "GET /admin/payouts": forAdministrators("/admin/payouts"),
  "GET /admin/payout-runs": forAdministrators("/admin/payout-runs"),
  "POST /admin/payout-runs": forAdministrators("/admin/payout-runs", why),
  "GET /admin/payout-runs/{run_id}/payouts": forAdministrators(`${unknownRun}/payouts`),
  "POST /admin/payout-runs/{run_id}/approve": forAdministrators(`${unknownRun}/approve`, why),
  "POST /admin/payout-runs/{run_id}/cancel": forAdministrators(`${unknownRun}/cancel`, why),
  "POST /admin/payout-runs/{run_id}/file": forAdministrators(`${unknownRun}/file`),
  "POST /admin/payout-runs/{run_id}/payouts/{payout_id}/result": forAdministrators(
    `${unknownRun}/payouts/${unknownPerson}/result`,
    { result: "failed", reason: "Closed" },
  ),
  "POST /admin/payout-runs/{run_id}/results": forAdministrators(`${unknownRun}/results`, { csv: "" }),
  "GET /mentors/me/earnings": {
    ask: () => ["/mentors/me/earnings"],
    may: [401, 403, 403, 200, 200],
    shape: earnings,
  },
  "GET /mentors/me/earnings/statement": {
    ask: () => ["/mentors/me/earnings/statement"],
    may: [401, 403, 403, 200, 200],
    shape: statementPage,
  },
  "GET /mentors/me/earnings/statement.csv": {
    ask: () => ["/mentors/me/earnings/statement.csv"],
    may: [401, 403, 403, 200, 200],
    shape: z.string(),
  },
  "GET /mentors/me/payouts": { ask: () => ["/mentors/me/payouts"], may: signedIn, shape: payoutPage },
  "GET /mentors/me/payout-account": {
    ask: () => ["/mentors/me/payout-account"],
    may: [401, 403, 403, 200, 200],
    shape: payoutAccount,
  },
  "PUT /mentors/me/payout-account/bank": {
    ask: () => [
      "/mentors/me/payout-account/bank",
      { holder: "Asha Rao", account_number: "123456789012", ifsc: "HDFC0001234" },
    ],
    may: [401, 403, 403, 200, 200],
    shape: payoutAccount,
  },
  "DELETE /mentors/me/payout-account/bank": {
    ask: () => ["/mentors/me/payout-account/bank"],
    may: [401, 403, 403, 200, 200],
    shape: payoutAccount,
  },
  "PUT /mentors/me/payout-account/linked": {
    ask: () => ["/mentors/me/payout-account/linked", { account: "acc_123456" }],
    may: [401, 409, 409, 409, 409],
    shape: z.never(),
  },
  "DELETE /mentors/me/payout-account/linked": {
    ask: () => ["/mentors/me/payout-account/linked"],
    may: [401, 403, 403, 200, 200],
    shape: payoutAccount,
  },
  "GET /admin/payments": forAdministrators("/admin/payments"),
  "GET /admin/payments/{mentor_id}/{payment_id}": forAdministrators(unknownPayment),
  "POST /admin/payments/{mentor_id}/{payment_id}/sync": forAdministrators(`${unknownPayment}/sync`, why),
  "POST /admin/payments/{mentor_id}/{payment_id}/refunds": forAdministrators(`${unknownPayment}/refunds`, {
    amount: 1,
    refundable: 1,
    ...why,
  }),
  "POST /admin/payments/{mentor_id}/{payment_id}/refunds/{refund_id}/retry": forAdministrators(
    `${unknownPayment}/refunds/${unknownPerson}/retry`,
    why,
  ),
  "POST /admin/payments/{mentor_id}/{payment_id}/release": forAdministrators(
    `${unknownPayment}/release`,
    why,
  ),
  "POST /admin/payments/{mentor_id}/{payment_id}/settled": forAdministrators(`${unknownPayment}/settled`, {
    attention: "dispute",
    ...why,
  }),
  "GET /me/data": {
    ask: () => ["/me/data"],
    may: signedIn,
    shape: z.looseObject({ downloaded_at: z.string() }),
  },
  "GET /me/data.zip": { ask: () => ["/me/data.zip"], may: signedIn, shape: z.string().startsWith("PK") },
  "GET /me/deletion": { ask: () => ["/me/deletion"], may: signedIn, shape: deletionPreview },
  "POST /me/delete": {
    ask: () => ["/me/delete", { confirmed: true }],
    may: [401, 202, 202, 202, 202],
    shape: deletionBegun,
  },
  "GET /notifications": { ask: () => ["/notifications"], may: signedIn, shape: notificationPage },
  "POST /notifications/read": {
    ask: () => ["/notifications/read"],
    may: signedIn,
    shape: unreadCount,
  },
  "GET /mentors/{mentor}/group-sessions": {
    ask: ({ mentor }) => [`/mentors/${mentor.id}/group-sessions`],
    may: everyone,
    shape: groupSessionList,
  },
  "GET /mentors/{mentor}/group-sessions/{group_session_id}": {
    ask: async ({ mentor, groupSeat }) => [
      `/mentors/${mentor.id}/group-sessions/${(await groupSeat()).session.id}`,
    ],
    may: everyone,
    shape: groupSession,
  },
  "GET /mentors/{mentor}/programmes": {
    ask: ({ mentor }) => [`/mentors/${mentor.id}/programmes`],
    may: everyone,
    shape: programmeList,
  },
  "GET /mentors/{mentor}/programmes/{programme_id}": {
    ask: async ({ mentor, programme }) => [`/mentors/${mentor.id}/programmes/${(await programme()).id}`],
    may: everyone,
    shape: programmeContract,
  },
  "GET /mentors/me/programmes": {
    ask: () => ["/mentors/me/programmes"],
    may: signedIn,
    shape: programmeList,
  },
  "POST /mentors/me/programmes": {
    ask: async ({ mentor, programme }) => {
      const { service_id } = await programme();
      return ["/mentors/me/programmes", programmeOf(mentor, { service_id, days: 30, time: "22:00" })];
    },
    may: [401, 403, 403, 201, 422],
    shape: programmeContract,
  },
  "PATCH /mentors/me/programmes/{programme_id}": {
    ask: async ({ programme }) => [`/mentors/me/programmes/${(await programme()).id}`, { capacity: 9 }],
    may: [401, 403, 403, 200, 404],
    shape: programmeContract,
  },
  "POST /mentors/me/programmes/{programme_id}/cancel": {
    ask: async ({ programme }) => [
      `/mentors/me/programmes/${(await programme()).id}/cancel`,
      { reason: "I’m ill." },
    ],
    may: [401, 404, 404, 200, 404],
    shape: seatsChanged,
  },
  "GET /mentors/me/programmes/{programme_id}/roster": {
    ask: async ({ programme }) => [`/mentors/me/programmes/${(await programme()).id}/roster`],
    may: [401, 404, 404, 200, 404],
    shape: programmeRoster,
  },
  "POST /mentors/{mentor}/series/check": {
    ask: ({ mentor }) => [
      `/mentors/${mentor.id}/series/check`,
      {
        session_type: "oneOnOneSession",
        duration: 60,
        pattern: "weekly",
        starts_at: new Date(Date.now() + 14 * 86_400_000).toISOString(),
        sessions: 3,
      },
    ],
    may: everyone,
    shape: seriesCheck,
  },
  "GET /mentors/me/group-sessions": {
    ask: () => ["/mentors/me/group-sessions"],
    may: signedIn,
    shape: ownGroupSessionList,
  },
  "GET /mentors/me/group-sessions/check": {
    ask: ({ mentor }) => [
      `/mentors/me/group-sessions/check?duration=60&scheduled_date=${dateIn(mentor, 30)}&scheduled_time=21:00`,
    ],
    may: [401, 404, 404, 200, 200],
    shape: checkedStarts,
  },
  "POST /mentors/me/group-sessions": {
    ask: async ({ mentor, groupSeat }) => {
      const { service_id } = (await groupSeat()).session;
      const scheduled_date = dateIn(mentor, 30);
      return [
        "/mentors/me/group-sessions",
        { service_id, duration: 60, scheduled_date, scheduled_time: "21:00" },
      ];
    },
    may: [401, 403, 403, 201, 422],
    shape: groupSessionList,
  },
  "PATCH /mentors/me/group-sessions/{group_session_id}": {
    ask: async ({ groupSeat }) => [
      `/mentors/me/group-sessions/${(await groupSeat()).session.id}`,
      { capacity: 9 },
    ],
    may: [401, 403, 403, 200, 404],
    shape: groupSession,
  },
  "POST /mentors/me/group-sessions/{group_session_id}/cancel": {
    ask: async ({ groupSeat }) => [
      `/mentors/me/group-sessions/${(await groupSeat()).session.id}/cancel`,
      { reason: "I’m ill." },
    ],
    may: [401, 404, 404, 200, 404],
    shape: seatsChanged,
  },
  "POST /mentors/me/group-sessions/{group_session_id}/move": {
    ask: async ({ mentor, groupSeat }) => [
      `/mentors/me/group-sessions/${(await groupSeat()).session.id}/move`,
      { scheduled_date: dateIn(mentor, 31), scheduled_time: "21:00" },
    ],
    may: [401, 403, 403, 200, 404],
    shape: groupSession,
  },
  "POST /mentors/me/group-sessions/{group_session_id}/message": {
    ask: async ({ groupSeat }) => [
      `/mentors/me/group-sessions/${(await groupSeat()).session.id}/message`,
      { message: "Bring a notebook." },
    ],
    may: [401, 404, 404, 200, 404],
    shape: seatsChanged,
  },
  "GET /mentors/me/group-sessions/{group_session_id}/roster": {
    ask: async ({ groupSeat }) => [`/mentors/me/group-sessions/${(await groupSeat()).session.id}/roster`],
    may: [401, 404, 404, 200, 404],
    shape: roster,
  },
  "GET /mentors/me/group-sessions/{group_session_id}/entry-question": {
    ask: async ({ groupSeat }) => [
      `/mentors/me/group-sessions/${(await groupSeat()).session.id}/entry-question`,
    ],
    may: [401, 404, 404, 200, 404],
    shape: openEntryQuestion,
  },
  "POST /mentors/me/group-sessions/{group_session_id}/entry-question/answer": {
    ask: async ({ groupSeat }) => [
      `/mentors/me/group-sessions/${(await groupSeat()).session.id}/entry-question/answer`,
      { question_id: unknownPerson, answer: "put_back" },
    ],
    may: [401, 404, 404, 409, 404],
    shape: z.never(),
  },
  "PUT /bookings/{booking_id}/attendance": {
    ask: async ({ heldSession }) => [
      `/bookings/${(await heldSession()).id}/attendance`,
      { attendance: "present" },
    ],
    may: [401, 404, 404, 204, 404],
    shape: nothing,
  },
  "GET /bookings/{booking_id}/attendees": {
    ask: async ({ groupSeat }) => [`/bookings/${(await groupSeat()).booking.id}/attendees`],
    may: [401, 200, 404, 200, 404],
    shape: attendees,
  },
  "PUT /bookings/{booking_id}/name": {
    ask: async ({ groupSeat }) => [`/bookings/${(await groupSeat()).booking.id}/name`, { shows_name: true }],
    may: [401, 204, 404, 404, 404],
    shape: nothing,
  },
  "GET /waitlist": { ask: () => ["/waitlist"], may: signedIn, shape: waitlist },
  "GET /mentors/me/waitlist": { ask: () => ["/mentors/me/waitlist"], may: signedIn, shape: mentorWaitlist },
  "POST /mentors/{mentor}/waitlist": {
    ask: async ({ mentor }) => [`/mentors/${mentor.id}/waitlist`, await waitOn(mentor, 31)],
    may: [401, 201, 201, 422, 201],
    shape: waitlistEntry,
  },
  "DELETE /waitlist/{waitlist_entry_id}": {
    ask: async ({ waitlistEntryId }) => [`/waitlist/${await waitlistEntryId()}`],
    may: [401, 204, 404, 404, 404],
    shape: nothing,
  },
  "POST /waitlist-offers/{waitlist_offer_id}/accept": {
    ask: async ({ waitlistOffer }) => [
      `/waitlist-offers/${(await waitlistOffer()).id}/accept`,
      { total_amount: 2000 },
    ],
    may: [401, 201, 404, 404, 404],
    shape: booking,
  },
  "POST /waitlist-offers/{waitlist_offer_id}/pass": {
    ask: async ({ waitlistOffer }) => [`/waitlist-offers/${(await waitlistOffer()).id}/pass`],
    may: [401, 204, 404, 404, 404],
    shape: nothing,
  },
  "POST /waitlist-links": {
    ask: () => ["/waitlist-links", { token: "v1.leave.no.token" }],
    may: [404, 404, 404, 404, 404],
    shape: waitlistLinkUsed,
  },
  "GET /availability-alerts": {
    ask: () => ["/availability-alerts"],
    may: signedIn,
    shape: availabilityAlertList,
  },
  "POST /availability-alerts": {
    ask: async ({ mentor }) => ["/availability-alerts", await alertOn(mentor, 30)],
    may: [401, 201, 201, 422, 201],
    shape: availabilityAlert,
  },
  "DELETE /availability-alerts/{alert_id}": {
    ask: async ({ alertId }) => [`/availability-alerts/${await alertId()}`],
    may: [401, 204, 404, 404, 404],
    shape: nothing,
  },
  "GET /time-requests": { ask: () => ["/time-requests"], may: signedIn, shape: timeRequestPage },
  "POST /time-requests": {
    ask: ({ mentor }) => ["/time-requests", requestFor(mentor, 30)],
    may: [401, 201, 201, 422, 201],
    shape: timeRequest,
  },
  "GET /time-requests/{request_id}": {
    ask: async ({ timeRequest }) => [`/time-requests/${(await timeRequest()).id}`],
    may: parties,
    shape: timeRequest,
  },
  "POST /time-requests/{request_id}/accept": {
    ask: async ({ timeRequest }) => {
      const { id, proposals } = await timeRequest();
      return [`/time-requests/${id}/accept`, { proposal_id: proposals[0]?.id }];
    },
    may: [401, 409, 404, 200, 404],
    shape: timeRequest,
  },
  "POST /time-requests/{request_id}/propose": {
    ask: async ({ timeRequest, mentor }) => [
      `/time-requests/${(await timeRequest()).id}/propose`,
      { starts_at: requestFor(mentor, 35).starts_at },
    ],
    may: [401, 409, 404, 200, 404],
    shape: timeRequest,
  },
  "POST /time-requests/{request_id}/decline": {
    ask: async ({ timeRequest }) => [
      `/time-requests/${(await timeRequest()).id}/decline`,
      { reason: "Sorry." },
    ],
    may: mentorOfBooking,
    shape: timeRequest,
  },
  "POST /time-requests/{request_id}/withdraw": {
    ask: async ({ timeRequest }) => [`/time-requests/${(await timeRequest()).id}/withdraw`],
    may: [401, 200, 404, 403, 404],
    shape: timeRequest,
  },
  "GET /session": { ask: () => ["/session"], may: everyone, shape: login },
  "GET /me": { ask: () => ["/me"], may: signedIn, shape: me },
  "PATCH /me": { ask: () => ["/me", { name: "New Name", timezone: "Asia/Tokyo" }], may: signedIn, shape: me },
  "GET /sign-in-options": { ask: () => ["/sign-in-options"], may: everyone, shape: signInOptions },
  "GET /me/sign-in-methods": { ask: () => ["/me/sign-in-methods"], may: signedIn, shape: signInMethods },
  "POST /me/proof": {
    ask: () => ["/me/proof", { password }],
    // None of these people has a password; proof.ts is tested in twoFactor.test.ts and passkeys.test.ts.
    may: [401, 422, 422, 422, 422],
    shape: nothing,
  },
  "POST /me/proof/challenge": { ask: () => ["/me/proof/challenge"], may: signedIn, shape: passkeyChallenge },
  "POST /me/password": {
    ask: async ({ confirmAddresses }) => {
      await confirmAddresses();
      return ["/me/password", { password: "harbour lamp violet" }];
    },
    may: [401, 204, 204, 204, 204],
    shape: nothing,
  },
  "DELETE /me/google": { ask: () => ["/me/google"], may: [401, 404, 404, 404, 404], shape: nothing },
  "POST /me/passkeys/challenge": {
    ask: async ({ confirmAddresses }) => {
      await confirmAddresses();
      return ["/me/passkeys/challenge"];
    },
    may: signedIn,
    shape: passkeyChallenge,
  },
  "POST /me/passkeys": {
    ask: async ({ confirmAddresses }) => {
      await confirmAddresses();
      const answer = { challenge: "none", origin: testPublicUrl, host: "localhost" };
      return ["/me/passkeys", makeSoftPasskey().create(answer)];
    },
    // No one was given this challenge; passkeys.test.ts adds real ones.
    may: [401, 401, 401, 401, 401],
    shape: passkey,
  },
  "DELETE /me/passkeys/{passkey_id}": {
    ask: async ({ passkeyId }) => [`/me/passkeys/${await passkeyId()}`],
    may: [401, 204, 404, 404, 404],
    shape: nothing,
  },
  "POST /me/two-factor": {
    ask: async ({ confirmAddresses }) => {
      await confirmAddresses();
      return ["/me/two-factor"];
    },
    may: signedIn,
    shape: twoFactorSetup,
  },
  "POST /me/two-factor/confirm": {
    ask: async ({ confirmAddresses }) => {
      await confirmAddresses();
      return ["/me/two-factor/confirm", { code: "000000" }];
    },
    may: [401, 422, 422, 422, 422],
    shape: recoveryCodes,
  },
  "POST /me/two-factor/recovery-codes": {
    ask: () => ["/me/two-factor/recovery-codes"],
    may: [401, 404, 404, 404, 404],
    shape: recoveryCodes,
  },
  "DELETE /me/two-factor": {
    ask: () => ["/me/two-factor"],
    may: [401, 204, 204, 204, 204],
    shape: nothing,
  },
  "POST /me/address/code": { ask: () => ["/me/address/code"], may: ownNothing, shape: nothing },
  "POST /me/address/confirm": {
    ask: () => ["/me/address/confirm", { code: "123456" }],
    may: signedIn,
    shape: me,
  },
  "POST /me/address/change-code": { ask: () => ["/me/address/change-code"], may: ownNothing, shape: nothing },
  "POST /me/address/change": {
    ask: () => ["/me/address/change", { email: "new@example.com", code: "123456" }],
    may: ownCode,
    shape: nothing,
  },
  "POST /me/address/change/confirm": {
    ask: () => ["/me/address/change/confirm", { email: "new@example.com", code: "123456" }],
    may: ownCode,
    shape: nothing,
  },
  "GET /me/logins": { ask: () => ["/me/logins"], may: signedIn, shape: ownLogins },
  "GET /me/notification-settings": {
    ask: () => ["/me/notification-settings"],
    may: signedIn,
    shape: notificationSettings,
  },
  "PATCH /me/notification-settings": {
    ask: () => ["/me/notification-settings", { muted: ["email:reviews"] }],
    may: signedIn,
    shape: notificationSettings,
  },
  "GET /me/favourites": { ask: () => ["/me/favourites"], may: signedIn, shape: favouriteMentors },
  "GET /me/calendar-connections": {
    ask: () => ["/me/calendar-connections"],
    may: signedIn,
    shape: calendarConnectionList,
  },
  "POST /me/calendar-connections": {
    ask: () => ["/me/calendar-connections", { kind: "feed", url: "https://127.0.0.1/" }],
    may: ownCode,
    shape: z.never(),
  },
  "POST /me/calendar-connections/test": {
    ask: () => ["/me/calendar-connections/test", { kind: "feed", url: "https://127.0.0.1/" }],
    may: signedIn,
    shape: calendarTest,
  },
  "PATCH /me/calendar-connections/{connection_id}": {
    ask: () => [`/me/calendar-connections/${unknownPerson}`, { name: "Home" }],
    may: administrators,
    shape: z.never(),
  },
  "DELETE /me/calendar-connections/{connection_id}": {
    ask: () => [`/me/calendar-connections/${unknownPerson}`],
    may: administrators,
    shape: z.never(),
  },
  "POST /me/calendar-connections/{connection_id}/sync": {
    ask: () => [`/me/calendar-connections/${unknownPerson}/sync`],
    may: administrators,
    shape: z.never(),
  },
  // A page: it leads visitors to where they can sign in.
  "GET /me/calendar-connections/{vendor}/start": {
    ask: () => ["/me/calendar-connections/google/start"],
    may: [302, 404, 404, 404, 404],
    shape: nothing,
  },
  // Leads everyone back to the account page, and does nothing for a browser that has begun nothing.
  "GET /me/calendar-connections/{vendor}/callback": {
    ask: () => ["/me/calendar-connections/google/callback?code=x&state=x"],
    may: [302, 302, 302, 302, 302],
    shape: nothing,
  },
  // Everyone may report; what does not contain the secret of a subscription has no effect.
  "POST /calendar-push/google": {
    ask: () => ["/calendar-push/google"],
    may: [202, 202, 202, 202, 202],
    shape: calendarPushReceived,
  },
  "POST /calendar-push/microsoft": {
    ask: () => ["/calendar-push/microsoft", { value: [] }],
    may: [202, 202, 202, 202, 202],
    shape: calendarPushReceived,
  },
  "PATCH /me/connected-calendars/{calendar_id}": {
    ask: () => [`/me/connected-calendars/${unknownPerson}`, { counts_as_busy: false }],
    may: administrators,
    shape: z.never(),
  },
  "GET /me/busy-times": {
    ask: () => ["/me/busy-times?start=2030-01-01T00:00:00Z&end=2030-02-01T00:00:00Z"],
    may: signedIn,
    shape: ownBusyTimes,
  },
  "GET /me/calendar-feed": { ask: () => ["/me/calendar-feed"], may: signedIn, shape: calendarFeed },
  "POST /me/calendar-feed": {
    ask: () => ["/me/calendar-feed"],
    may: [401, 201, 201, 201, 201],
    shape: newCalendarFeed,
  },
  "DELETE /me/calendar-feed": {
    ask: () => ["/me/calendar-feed"],
    may: [401, 204, 204, 204, 204],
    shape: nothing,
  },
  "PUT /me/favourites/{mentor}": {
    ask: ({ otherMentor }) => [`/me/favourites/${otherMentor.profile.username}`],
    may: [401, 204, 204, 204, 204],
    shape: nothing,
  },
  "DELETE /me/favourites/{mentor}": {
    ask: ({ otherMentor }) => [`/me/favourites/${otherMentor.id}`],
    may: [401, 204, 204, 204, 204],
    shape: nothing,
  },
  "GET /mentors/me/room": {
    ask: () => ["/mentors/me/room"],
    may: [401, 403, 403, 200, 200],
    shape: mentorRoom,
  },
  "PUT /mentors/me/room": {
    ask: () => ["/mentors/me/room", { meeting_url: "https://meet.example.com/me", meeting_note: "1234" }],
    may: [401, 403, 403, 200, 200],
    shape: mentorRoom,
  },
  "GET /mentors/me/setup": {
    ask: () => ["/mentors/me/setup"],
    may: [401, 403, 403, 200, 200],
    shape: mentorSetup,
  },
  "GET /usernames/{username}": {
    ask: () => ["/usernames/somebody"],
    may: everyone,
    shape: usernameAnswer,
  },
  "DELETE /mentors/me/room": {
    ask: () => ["/mentors/me/room"],
    may: [401, 403, 403, 204, 204],
    shape: nothing,
  },
  "GET /mentors/me/meeting-places": {
    ask: () => ["/mentors/me/meeting-places"],
    may: [401, 403, 403, 200, 200],
    shape: ownMeetingPlaces,
  },
  "PUT /mentors/me/meeting-place": {
    ask: () => ["/mentors/me/meeting-place", { kind: "phone", caller: "mentor" }],
    may: [401, 403, 403, 200, 200],
    shape: ownMeetingPlaces,
  },
  "PUT /mentors/me/services/{service_id}/meeting-place": {
    ask: ({ serviceId }) => [`/mentors/me/services/${serviceId}/meeting-place`, { kind: "link" }],
    may: [401, 403, 403, 200, 404],
    shape: ownMeetingPlaces,
  },
  "DELETE /mentors/me/services/{service_id}/meeting-place": {
    ask: ({ serviceId }) => [`/mentors/me/services/${serviceId}/meeting-place`],
    may: [401, 403, 403, 200, 200],
    shape: ownMeetingPlaces,
  },
  "GET /mentors/{mentor}/meeting-places": {
    ask: ({ mentor }) => [`/mentors/${mentor.id}/meeting-places`],
    may: everyone,
    shape: shownMeetingPlaces,
  },
  "POST /bookings/{booking_id}/joins": {
    ask: async ({ agreedSession }) => [`/bookings/${(await agreedSession()).id}/joins`],
    // It cannot be joined yet.
    may: [401, 409, 404, 409, 404],
    shape: z.never(),
  },
  "GET /bookings/{booking_id}/joins": {
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/joins`],
    may: parties,
    shape: joinEvents,
  },
  "POST /webhooks/zoom": {
    ask: () => ["/webhooks/zoom", { event: "meeting.started" }],
    may: [404, 404, 404, 404, 404],
    shape: z.never(),
  },
  "PUT /bookings/{booking_id}/meeting": {
    ask: async ({ agreedSession }) => [
      `/bookings/${(await agreedSession()).id}/meeting`,
      { meeting_url: "https://meet.example.com/once" },
    ],
    may: mentorOfBooking,
    shape: booking,
  },
  "GET /mentors": { ask: () => ["/mentors?limit=3"], may: everyone, shape: mentorPage },
  "POST /mentors": {
    ask: () => [
      "/mentors",
      { username: `u-${randomUUID().slice(0, 8)}`, full_name: "M", timezone: "Europe/Paris" },
    ],
    may: [401, 201, 201, 409, 409],
    shape: mentorProfile,
  },
  "GET /mentors/{mentor}": {
    ask: ({ mentor }) => [`/mentors/${mentor.profile.username}`],
    may: everyone,
    shape: mentorWithServices,
  },
  "PATCH /mentors/me": {
    ask: () => ["/mentors/me", { bio: "About me" }],
    may: [401, 403, 403, 200, 200],
    shape: savedMentor,
  },
  "GET /mentors/me/services": { ask: () => ["/mentors/me/services"], may: signedIn, shape: ownServiceList },
  "POST /mentors/me/services": {
    ask: () => [
      "/mentors/me/services",
      { session_type: "chatAdvice", title: "Chat", durations: [{ minutes: 15, price: 99.5 }] },
    ],
    may: [401, 403, 403, 201, 201],
    shape: service,
  },
  "PATCH /mentors/me/services/{service_id}": {
    ask: ({ serviceId }) => [`/mentors/me/services/${serviceId}`, { title: "Better" }],
    may: [401, 404, 404, 200, 404],
    shape: service,
  },
  "DELETE /mentors/me/services/{service_id}": {
    ask: ({ serviceId }) => [`/mentors/me/services/${serviceId}`],
    may: [401, 404, 404, 204, 404],
    shape: nothing,
  },
  "POST /mentors/{mentor}/quote": {
    ask: ({ mentor, serviceId }) => [`/mentors/${mentor.id}/quote`, { service_id: serviceId, duration: 60 }],
    may: signedIn,
    shape: quote,
  },
  "POST /mentors/{mentor}/quote/together": {
    ask: ({ mentor, serviceId }) => [
      `/mentors/${mentor.id}/quote/together`,
      { sessions: Array.from({ length: 2 }, () => ({ service_id: serviceId, duration: 60 })) },
    ],
    may: signedIn,
    shape: quoteTogether,
  },
  "POST /mentors/{mentor}/programmes/{programme_id}/quote": {
    ask: async ({ mentor, programme }) => [
      `/mentors/${mentor.id}/programmes/${(await programme()).id}/quote`,
      {},
    ],
    may: signedIn,
    shape: quoteTogether,
  },
  "GET /mentors/{mentor}/packages": {
    ask: ({ mentor }) => [`/mentors/${mentor.id}/packages`],
    may: everyone,
    shape: packageList,
  },
  "GET /mentors/me/coupons": { ask: () => ["/mentors/me/coupons"], may: signedIn, shape: couponList },
  "POST /mentors/me/coupons": {
    ask: () => ["/mentors/me/coupons", { code: `C${randomUUID().slice(0, 8)}`, percent: 10 }],
    may: [401, 403, 403, 201, 201],
    shape: coupon,
  },
  "PATCH /mentors/me/coupons/{coupon_id}": {
    ask: async (world) => [`/mentors/me/coupons/${await couponOf(world)}`, { enabled: false }],
    may: [401, 404, 404, 200, 404],
    shape: coupon,
  },
  "DELETE /mentors/me/coupons/{coupon_id}": {
    ask: async (world) => [`/mentors/me/coupons/${await couponOf(world)}`],
    may: [401, 404, 404, 204, 404],
    shape: nothing,
  },
  "GET /mentors/me/packages": { ask: () => ["/mentors/me/packages"], may: signedIn, shape: ownPackageList },
  "POST /mentors/me/packages": {
    ask: ({ serviceId }) => ["/mentors/me/packages", packageOf(serviceId)],
    may: [401, 403, 403, 201, 422],
    shape: ownPackage,
  },
  "PATCH /mentors/me/packages/{package_id}": {
    ask: async (world) => [`/mentors/me/packages/${await packageIdOf(world)}`, { enabled: false }],
    may: [401, 404, 404, 200, 404],
    shape: ownPackage,
  },
  "DELETE /mentors/me/packages/{package_id}": {
    ask: async (world) => [`/mentors/me/packages/${await packageIdOf(world)}`],
    may: [401, 404, 404, 204, 404],
    shape: nothing,
  },
  "POST /packages/{package_id}/purchases": {
    pays: true,
    ask: async (world) => [`/packages/${await packageIdOf(world)}/purchases`],
    may: [401, 201, 201, 422, 201],
    shape: packagePurchase,
  },
  "GET /me/packages": { ask: () => ["/me/packages"], may: signedIn, shape: purchaseList },
  "GET /package-purchases/{purchase_id}/payment": {
    pays: true,
    ask: async (world) => [`/package-purchases/${await purchaseOf(world)}/payment`],
    may: [401, 200, 404, 404, 404],
    shape: purchasePayment,
  },
  "POST /package-purchases/{purchase_id}/payment/checkout": {
    pays: true,
    ask: async (world) => [`/package-purchases/${await purchaseOf(world)}/payment/checkout`],
    may: [401, 200, 404, 404, 404],
    shape: checkout,
  },
  "POST /package-purchases/{purchase_id}/payment/refresh": {
    pays: true,
    ask: async (world) => [`/package-purchases/${await purchaseOf(world)}/payment/refresh`],
    may: [401, 200, 404, 404, 404],
    shape: purchasePayment,
  },
  "GET /mentors/{mentor}/availability": {
    ask: ({ mentor }) => [
      `/mentors/${mentor.id}/availability?start_date=${dateIn(mentor, 0)}&end_date=${dateIn(mentor, 30)}`,
    ],
    may: everyone,
    shape: availability,
  },
  "GET /availability-slots": {
    ask: () => ["/availability-slots"],
    may: signedIn,
    shape: availabilitySlotList,
  },
  "POST /availability-slots": {
    ask: ({ mentor }) => [
      "/availability-slots",
      { specific_date: dateIn(mentor, 9), start_time: "20:00", end_time: "24:00" },
    ],
    may: [401, 403, 403, 201, 201],
    shape: savedAvailabilitySlot,
  },
  "PUT /availability-slots": {
    ask: () => [
      "/availability-slots",
      { recurringSlots: [{ day_of_week: 1, start_time: "22:00", end_time: "02:00" }] },
    ],
    may: [401, 403, 403, 200, 200],
    shape: savedWeek,
  },
  "PATCH /availability-slots/{availability_slot_id}": {
    ask: async ({ windowId }) => [`/availability-slots/${await windowId()}`, { end_time: "18:00" }],
    may: [401, 403, 403, 200, 404],
    shape: savedAvailabilitySlot,
  },
  "DELETE /availability-slots/{availability_slot_id}": {
    ask: async ({ windowId }) => [`/availability-slots/${await windowId()}`],
    may: [401, 403, 403, 204, 404],
    shape: nothing,
  },
  "GET /blocked-dates": { ask: () => ["/blocked-dates"], may: signedIn, shape: blockedDateList },
  "POST /blocked-dates": {
    ask: ({ mentor }) => ["/blocked-dates", { date: dateIn(mentor, 20), reason: "Diwali" }],
    may: [401, 403, 403, 201, 201],
    shape: savedBlockedDate,
  },
  "DELETE /blocked-dates": {
    ask: ({ mentor }) => [`/blocked-dates?from=${dateIn(mentor, 40)}&to=${dateIn(mentor, 45)}`],
    may: [401, 403, 403, 204, 204],
    shape: nothing,
  },
  "GET /timezone-periods": { ask: () => ["/timezone-periods"], may: signedIn, shape: timezonePeriodList },
  "POST /timezone-periods": {
    ask: ({ mentor }) => [
      "/timezone-periods",
      { starts_on: dateIn(mentor, 400), ends_on: dateIn(mentor, 410), timezone: "Europe/London" },
    ],
    may: [401, 403, 403, 201, 201],
    shape: savedTimezonePeriod,
  },
  "DELETE /timezone-periods/{timezone_period_id}": {
    ask: async ({ periodId }) => [`/timezone-periods/${await periodId()}`],
    may: [401, 403, 403, 204, 404],
    shape: nothing,
  },
  "GET /mentors/me/hours": {
    ask: () => ["/mentors/me/hours"],
    may: [401, 403, 403, 200, 200],
    shape: ownHours,
  },
  "POST /availability/preview": {
    ask: ({ mentor }) => [
      "/availability/preview",
      { from: dateIn(mentor, 1), to: dateIn(mentor, 7), duration: 60, windows: [] },
    ],
    may: [401, 403, 403, 200, 200],
    shape: hoursPreview,
  },
  "GET /mentors/me/explanation": {
    ask: ({ mentor }) => [`/mentors/me/explanation?date=${dateIn(mentor, 2)}&duration=60`],
    may: [401, 403, 403, 200, 200],
    shape: dayExplanation,
  },
  "DELETE /blocked-dates/{blocked_date_id}": {
    ask: async ({ blockedDateId }) => [`/blocked-dates/${await blockedDateId()}`],
    may: [401, 403, 403, 204, 404],
    shape: nothing,
  },
  "GET /mentors/{mentor}/slots": {
    ask: ({ mentor }) => [
      `/mentors/${mentor.id}/slots?from=${dateIn(mentor, 1)}&to=${dateIn(mentor, 30)}&duration=60`,
    ],
    may: everyone,
    shape: slotAnswer,
  },
  "GET /mentors/{mentor}/booked-slots": {
    ask: async ({ mentor, booking }) => [
      `/mentors/${mentor.id}/booked-slots?date=${(await booking()).scheduled_date}`,
    ],
    may: everyone,
    shape: bookedSlots.min(1),
  },
  "GET /time-zones": {
    ask: () => ["/time-zones?names=Asia/Kolkata"],
    may: everyone,
    shape: zoneAnswer,
  },
  "POST /baskets": {
    ask: async ({ mentor, student }) => ["/baskets", basketOf(mentor, await startsOfDay(student, mentor, 2))],
    may: [401, 201, 201, 422, 201],
    shape: basket,
  },
  "GET /baskets/{basket_id}": {
    ask: async ({ mentor, student }) => [
      `/baskets/${(await bookBasket(student, mentor, await startsOfDay(student, mentor, 2))).id}`,
    ],
    may: parties,
    shape: basket,
  },
  "POST /series": {
    ask: async ({ mentor, student }) => ["/series", seriesOf(mentor, await startsOfDay(student, mentor, 2))],
    may: [401, 201, 201, 422, 201],
    shape: series,
  },
  "GET /series": { ask: () => ["/series"], may: signedIn, shape: seriesList },
  "GET /series/{series_id}": {
    ask: async (world) => [`/series/${(await world.series()).id}`],
    may: parties,
    shape: series,
  },
  "POST /series/{series_id}/cancel": {
    ask: async (world) => [`/series/${(await world.series()).id}/cancel`, { reason: "I’m moving." }],
    may: [401, 200, 404, 200, 404],
    shape: seriesChanged,
  },
  "POST /series/{series_id}/confirm": {
    ask: async (world) => [`/series/${(await world.series()).id}/confirm`],
    may: [401, 403, 404, 200, 404],
    shape: seriesChanged,
  },
  "POST /series/{series_id}/reschedule": {
    ask: async (world) => {
      const { id } = await world.series();
      const [start = 0] = await startsOfDay(world.student, world.mentor, 1, 20);
      return [`/series/${id}/reschedule`, { from_place: 2, starts_at: new Date(start).toISOString() }];
    },
    may: [401, 200, 404, 200, 404],
    shape: seriesChanged,
  },
  "POST /bookings": {
    ask: async ({ mentor, student }) => {
      const [slot] = await readSlots(student.call, mentor, { to: dateIn(mentor, 7) });
      return ["/bookings", bookingOf(mentor, slot?.starts_at ?? "")];
    },
    may: [401, 201, 201, 422, 201],
    shape: booking,
  },
  "GET /mentors/{mentor}/reviews": {
    ask: ({ mentor }) => [`/mentors/${mentor.profile.username}/reviews`],
    may: everyone,
    shape: reviewPage,
  },
  "POST /bookings/{booking_id}/no-show": {
    ask: async ({ endedSession }) => [
      `/bookings/${(await endedSession()).id}/no-show`,
      { reason: "I waited." },
    ],
    may: parties,
    shape: booking,
  },
  "POST /bookings/{booking_id}/no-show/answer": {
    ask: async ({ claimed }) => [`/bookings/${(await claimed()).id}/no-show/answer`, { answer: "dispute" }],
    may: mentorOfBooking,
    shape: booking,
  },
  "POST /bookings/{booking_id}/no-show/withdraw": {
    ask: async ({ claimed }) => [`/bookings/${(await claimed()).id}/no-show/withdraw`],
    may: [401, 200, 404, 403, 404],
    shape: booking,
  },
  "GET /bookings/{booking_id}/review": {
    ask: async ({ reviewed }) => [`/bookings/${(await reviewed()).booking_id}/review`],
    may: parties,
    shape: bookingReviewAnswer,
  },
  "POST /bookings/{booking_id}/review": {
    ask: async ({ completed }) => [`/bookings/${(await completed()).id}/review`, { rating: 5, comment: "!" }],
    may: [401, 201, 404, 403, 404],
    shape: bookingReview,
  },
  "PATCH /bookings/{booking_id}/review": {
    ask: async ({ reviewed }) => [`/bookings/${(await reviewed()).booking_id}/review`, { rating: 4 }],
    may: [401, 200, 404, 403, 404],
    shape: bookingReview,
  },
  "DELETE /bookings/{booking_id}/review": {
    ask: async ({ reviewed }) => [`/bookings/${(await reviewed()).booking_id}/review`],
    may: [401, 204, 404, 403, 404],
    shape: nothing,
  },
  "PUT /reviews/{review_id}/reply": {
    ask: async ({ reviewed }) => [`/reviews/${(await reviewed()).id}/reply`, { reply: "Thank you." }],
    may: [401, 404, 404, 204, 404],
    shape: nothing,
  },
  "DELETE /reviews/{review_id}/reply": {
    ask: async ({ reviewed }) => [`/reviews/${(await reviewed()).id}/reply`],
    may: [401, 404, 404, 204, 404],
    shape: nothing,
  },
  "GET /mentors/me/calendar": {
    ask: ({ mentor }) => [`/mentors/me/calendar?from=${dateIn(mentor, 0)}&to=${dateIn(mentor, 30)}`],
    may: [401, 403, 403, 200, 200],
    shape: calendar,
  },
  "GET /documents": { ask: () => ["/documents"], may: signedIn, shape: documentPage },
  "GET /documents/{document_id}": {
    ask: async ({ receiptId }) => [`/documents/${await receiptId()}`],
    may: parties,
    shape: moneyDocument,
  },
  "GET /documents/{document_id}.html": {
    ask: async ({ receiptId }) => [`/documents/${await receiptId()}.html`],
    may: parties,
    shape: z.string().startsWith("<!doctype html>"),
  },
  "GET /documents/{document_id}.pdf": {
    ask: async ({ receiptId }) => [`/documents/${await receiptId()}.pdf`],
    may: parties,
    shape: z.string().startsWith("%PDF-"),
  },
  "GET /mentors/me/tax": {
    ask: () => ["/mentors/me/tax"],
    may: [401, 403, 403, 200, 200],
    shape: taxSettings,
  },
  "PUT /mentors/me/tax": {
    ask: () => ["/mentors/me/tax", { enabled: false }],
    may: [401, 403, 403, 200, 200],
    shape: taxSettings,
  },
  "GET /me/billing": { ask: () => ["/me/billing"], may: signedIn, shape: billingDetails },
  "PUT /me/billing": { ask: () => ["/me/billing", {}], may: signedIn, shape: billingDetails },
  "GET /mentors/me/students": {
    ask: () => ["/mentors/me/students?q=student"],
    may: signedIn,
    shape: studentPage,
  },
  "GET /mentors/me/students/{student_id}": {
    ask: async ({ booking }) => [`/mentors/me/students/${(await booking()).user_id}`],
    may: [401, 404, 404, 200, 404],
    shape: studentShape,
  },
  "GET /mentors/me/students/{student_id}/note": {
    ask: async ({ booking }) => [`/mentors/me/students/${(await booking()).user_id}/note`],
    may: [401, 404, 404, 200, 404],
    shape: studentNote,
  },
  "PUT /mentors/me/students/{student_id}/note": {
    ask: async ({ booking }) => [
      `/mentors/me/students/${(await booking()).user_id}/note`,
      { body: "Likes charts.", revision: 0 },
    ],
    may: [401, 404, 404, 200, 404],
    shape: studentNote,
  },
  "GET /bookings": { ask: () => ["/bookings?as=mentor"], may: signedIn, shape: bookingPage },
  "GET /bookings/{booking_id}": {
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}`],
    may: parties,
    shape: booking,
  },
  "GET /bookings/{booking_id}/events": {
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/events`],
    may: parties,
    shape: bookingEvents,
  },
  "GET /bookings/{booking_id}/slots": {
    ask: async ({ booking, mentor }) => [
      `/bookings/${(await booking()).id}/slots?from=${dateIn(mentor, 1)}&to=${dateIn(mentor, 8)}`,
    ],
    may: parties,
    shape: slotAnswer,
  },
  "POST /bookings/{booking_id}/link": {
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/link`],
    may: parties,
    shape: bookingLink,
  },
  "DELETE /bookings/{booking_id}/link": {
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/link`],
    may: [401, 204, 404, 204, 404],
    shape: nothing,
  },
  "POST /bookings/{booking_id}/reschedule": {
    ask: async ({ booking, mentor, student }) => {
      const { id } = await booking();
      const [slot] = await readSlots(student.call, mentor, { to: dateIn(mentor, 7) });
      const { scheduled_date, scheduled_time } = bookingOf(mentor, slot?.starts_at ?? "");
      return [`/bookings/${id}/reschedule`, { scheduled_date, scheduled_time }];
    },
    may: parties,
    shape: booking,
  },
  "GET /bookings/{booking_id}/calendar.ics": {
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/calendar.ics`],
    may: parties,
    shape: z.string().startsWith("BEGIN:VCALENDAR\r\n"),
  },
  "GET /bookings/{booking_id}/entry-question": {
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/entry-question`],
    may: parties,
    shape: openEntryQuestion,
  },
  "POST /bookings/{booking_id}/entry-question/answer": {
    ask: async ({ booking }) => [
      `/bookings/${(await booking()).id}/entry-question/answer`,
      { question_id: unknownPerson, answer: "put_back" },
    ],
    may: [401, 409, 404, 409, 404],
    shape: z.never(),
  },
  "POST /bookings/{booking_id}/confirm": {
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/confirm`],
    may: mentorOfBooking,
    shape: booking,
  },
  "POST /bookings/{booking_id}/decline": {
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/decline`, { reason: "I am ill." }],
    may: mentorOfBooking,
    shape: booking,
  },
  "POST /bookings/{booking_id}/propose": {
    ask: async ({ booking, mentor }) => [
      `/bookings/${(await booking()).id}/propose`,
      { starts_at: requestFor(mentor, 35).starts_at },
    ],
    may: [401, 403, 404, 201, 404],
    shape: timeRequest,
  },
  "POST /bookings/{booking_id}/complete": {
    ask: async ({ heldSession }) => [`/bookings/${(await heldSession()).id}/complete`],
    may: mentorOfBooking,
    shape: booking,
  },
  "POST /bookings/{booking_id}/cancel": {
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/cancel`],
    may: parties,
    shape: booking,
  },
  "GET /bookings/{booking_id}/payment": {
    pays: true,
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/payment`],
    may: parties,
    shape: payment,
  },
  "POST /bookings/{booking_id}/payment/checkout": {
    pays: true,
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/payment/checkout`],
    may: studentOfBooking,
    shape: checkout,
  },
  "POST /bookings/{booking_id}/payment/refresh": {
    pays: true,
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/payment/refresh`],
    may: parties,
    shape: payment,
  },
  "GET /payments": { ask: () => ["/payments"], may: signedIn, shape: paymentPage },
  "POST /bookings/{booking_id}/payment/more-time": {
    pays: true,
    ask: async ({ booking }) => [`/bookings/${(await booking()).id}/payment/more-time`],
    may: studentOfBooking,
    shape: payment,
  },
  // A signature lets a provider in, and no login does.
  "POST /webhooks/{provider}": {
    ask: () => ["/webhooks/razorpay", { event: "payment.captured" }],
    may: [404, 404, 404, 404, 404],
    shape: z.never(),
  },
};
